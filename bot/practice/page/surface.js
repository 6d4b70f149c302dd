/* One drawn message, form or Home tab: its kept answers, and what it sends when something is pressed. */
import { h } from "./dom.js";
import { notice } from "./announce.js";
import { post } from "./api.js";
import { askFirst } from "./windows/confirm.js";
import { store } from "./store.js";

const EMPTY = {
  plain_text_input: { value: null }, email_text_input: { value: null }, url_text_input: { value: null },
  number_input: { value: null }, rich_text_input: { rich_text_value: null },
  static_select: { selected_option: null }, external_select: { selected_option: null }, radio_buttons: { selected_option: null },
  multi_static_select: { selected_options: [] }, multi_external_select: { selected_options: [] }, checkboxes: { selected_options: [] },
  users_select: { selected_user: null }, conversations_select: { selected_conversation: null }, channels_select: { selected_channel: null },
  multi_users_select: { selected_users: [] }, multi_conversations_select: { selected_conversations: [] },
  multi_channels_select: { selected_channels: [] },
  datepicker: { selected_date: null }, timepicker: { selected_time: null }, datetimepicker: { selected_date_time: null },
  file_input: { files: [] },
};

export class Surface {
  /** `container` is what /seat/action wants; `key` names the surface in focus keys. */
  constructor(key, container) {
    this.key = key;
    this.container = container;
    this.values = {};
    this.earlier = {};
    this.firsts = new Map();
    this.fields = [];
  }

  /** Starts a redraw: what was typed is kept for the same block_id, action_id and type. */
  begin(serverValues = null) {
    this.earlier = Object.keys(this.values).length ? this.values : serverValues || {};
    this.values = {};
    this.fields = [];
  }

  focusKey(block, element) {
    return `${this.key}|${block.block_id}|${element.action_id}`;
  }

  /**
   * The answer to start from: what was typed before, else `initial`, else nothing. In a message or the Home tab an
   * `initial` that the app has changed wins, so that everyone sees what the app now says; in a form typing wins, as in Slack.
   */
  start(block, element, initial) {
    const key = this.focusKey(block, element);
    const first = JSON.stringify(initial);
    const appChanged = this.container.type !== "view" && this.firsts.has(key) && this.firsts.get(key) !== first;
    this.firsts.set(key, first);
    const before = this.earlier[block.block_id]?.[element.action_id];
    const keep = before && before.type === element.type && !appChanged;
    const answer = keep ? before : { type: element.type, ...EMPTY[element.type], ...initial };
    this.keep(block, element, answer);
    return answer;
  }

  keep(block, element, answer) {
    (this.values[block.block_id] ||= {})[element.action_id] = { ...answer, type: element.type };
  }

  /** Sends block_actions; asks first when the element has a confirm. Answers whether it was sent. */
  async press(block, element, answer, source) {
    if (element.confirm && !(await askFirst(element.confirm))) return false;
    if (source?.getAttribute("aria-busy") === "true") return false;
    const busy = source?.matches?.("button") ? source : null;
    busy?.setAttribute("aria-busy", "true");
    try {
      const reply = await post("action", {
        user: store.seat,
        container: this.container,
        action: { type: element.type, block_id: block.block_id, action_id: element.action_id, ...answer },
        state: { values: this.values },
      });
      if (reply.ok === false) notice(reply.message || "The app did not answer. Nothing is lost; please try again.");
      return true;
    } catch (refused) {
      notice(refused.message);
      return false;
    } finally {
      busy?.removeAttribute("aria-busy");
    }
  }

  async suggest(block, element, value) {
    const where = this.container.type === "view" || this.container.type === "home"
      ? { view_id: this.container.view_id }
      : { channel: this.container.channel, ts: this.container.ts };
    return post("suggest", { user: store.seat, ...where, block_id: block.block_id, action_id: element.action_id, value });
  }
}

/** A line for what the practice page cannot draw. */
export function unknown(type) {
  return h("p", { class: "quiet" }, `(The practice page does not draw “${type}”.)`);
}
