/* A list of messages that can be refreshed without losing the reader's place or the keyboard's. */
import { fill, focusPlace, h, restoreFocus } from "../dom.js";
import { sayPolitely } from "../announce.js";
import { messageRow } from "./message.js";
import { commandsWorkIn, store } from "../store.js";
import { authorName, firstWords } from "../text.js";
import { Surface } from "../surface.js";

const DAY = { weekday: "long", day: "numeric", month: "long" };
const dayOf = (ts) => new Date(Number(ts) * 1000).toLocaleDateString("en-GB", DAY).replace(",", "");

/** What an empty place says. Commands are named only where they work. */
function emptyWords(id) {
  const nothing = "No messages here yet.";
  if (!commandsWorkIn(id)) return nothing;
  if (store.channels.get(id).is_im) return `${nothing} What is due for you will come here.`;
  return `${nothing} /meeting opens the unit's meeting. In a new channel, /unit sets up a unit first.`;
}

export class MessageList {
  /** scroller: the box that scrolls; newer: the "below" button; inThread: drawn in the thread panel. */
  constructor({ scroller, newer, inThread }) {
    this.scroller = scroller;
    this.newer = newer;
    this.inThread = inThread;
    this.clear();
    newer.addEventListener("click", () => {
      this.toBottom();
      this.scroller.focus({ preventScroll: true });
    });
    const size = () => `${scroller.clientWidth} ${scroller.clientHeight}`;
    let known = size();
    scroller.addEventListener("scroll", () => {
      if (size() !== known) return; // the box changed, not the reader's mind
      this.following = this.atBottom();
      if (this.following) newer.hidden = true;
    });
    new ResizeObserver(() => {
      known = size();
      if (this.following && this.known) this.toBottom();
    }).observe(scroller);
  }

  clear() {
    this.rows = new Map();
    this.surfaces = new Map();
    this.days = new Map();
    this.editing = new Set();
    this.following = true;
    this.known = null;
    this.last = null;
    this.list = h("ol", { class: "messages" });
    this.newer.hidden = true;
    fill(this.scroller, this.list);
  }

  atBottom() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 90;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.following = true;
    this.newer.hidden = true;
  }

  surfaceFor(channel, message) {
    const key = `${this.inThread ? "thread" : "channel"}:${channel}:${message.ts}`;
    if (!this.surfaces.has(key)) this.surfaces.set(key, new Surface(key, { type: "message", channel, ts: message.ts, is_ephemeral: message.is_ephemeral === true }));
    return this.surfaces.get(key);
  }

  /** Draws these messages; unchanged ones are left untouched in the page. */
  show(channel, messages, { forceBottom = false } = {}) {
    this.last = messages;
    const first = this.known === null;
    const stay = !first && !this.atBottom() && !forceBottom;
    const active = document.activeElement;
    const wasInside = this.list.contains(active);
    const wanted = [];
    let day = "";
    for (const [place, message] of messages.entries()) {
      const today = dayOf(message.ts);
      if (today !== day && !(this.inThread && place > 0)) {
        day = today;
        wanted.push(this.dayLine(today, message.ts));
      }
      wanted.push(this.row(channel, message));
      if (this.inThread && place === 0) wanted.push(this.repliesLine(messages.length - 1));
    }
    if (!messages.length) wanted.push(h("li", { class: "empty" }, this.inThread ? "This thread is empty." : emptyWords(channel)));
    this.place(wanted);
    const wantedTs = new Set(messages.map((message) => message.ts));
    for (const ts of this.rows.keys()) if (!wantedTs.has(ts)) this.rows.delete(ts);
    if (wasInside && !document.contains(active) && document.activeElement === document.body) this.scroller.focus({ preventScroll: true });
    const fresh = first ? [] : messages.filter((message) => !this.known.has(message.ts));
    const answered = first || this.inThread ? [] : messages.filter((message) => message.ts !== store.thread && (message.reply_count || 0) > (this.known.get(message.ts) ?? 0));
    this.known = new Map(messages.map((message) => [message.ts, message.reply_count || 0]));
    for (const message of answered) if (!fresh.includes(message)) sayPolitely(`New reply in the thread of ${authorName(message)}: ${firstWords(message, 8)}`);
    this.announce(fresh);
    if (!stay) this.toBottom();
    else if (fresh.length) this.newer.hidden = false;
  }

  /** The same messages once more: names or pins may have changed. */
  again(channel) {
    if (this.last && this.known) this.show(channel, this.last);
  }

  announce(fresh) {
    for (const message of fresh) {
      if (message.user === store.seat && !message.is_ephemeral) continue;
      const only = message.is_ephemeral ? " (only visible to you)" : "";
      sayPolitely(`${authorName(message)}${only}${this.inThread ? " in the thread" : ""}: ${firstWords(message)}`);
    }
  }

  dayLine(words, ts) {
    const key = `${words} ${Math.floor(Number(ts) / 86400)}`;
    if (!this.days.has(key)) this.days.set(key, h("li", { class: "day" }, h("span", {}, words)));
    return this.days.get(key);
  }

  repliesLine(count) {
    const words = count === 0 ? "No replies yet" : count === 1 ? "1 reply" : `${count} replies`;
    this.replies ||= h("li", { class: "day" }, h("span", {}));
    if (this.replies.textContent !== words) fill(this.replies.firstChild, words);
    return this.replies;
  }

  row(channel, message) {
    const pinned = (store.channels.get(channel)?.pins || []).includes(message.ts);
    const sign = JSON.stringify([message, pinned, store.seat]);
    const held = this.rows.get(message.ts);
    if (held && (held.sign === sign || this.editing.has(message.ts))) return held.node;
    const place = held ? focusPlace(held.node) : null;
    const node = messageRow(message, {
      channel, pinned, inThread: this.inThread, surface: this.surfaceFor(channel, message),
      editing: (on) => (on ? this.editing.add(message.ts) : this.editing.delete(message.ts)),
      redraw: () => {
        this.editing.delete(message.ts);
        const now = this.rows.get(message.ts);
        if (now) now.sign = "";
        this.show(channel, this.last);
      },
    });
    this.rows.set(message.ts, { node, sign });
    if (held) {
      held.node.replaceWith(node);
      if (place && !restoreFocus(node, place)) node.focus({ preventScroll: true });
    }
    return node;
  }

  place(wanted) {
    const keep = new Set(wanted);
    for (const node of [...this.list.children]) if (!keep.has(node)) node.remove();
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] || null);
    });
  }

  /** Brings one message into view and puts the keyboard on it. */
  jumpTo(ts) {
    const held = this.rows.get(ts);
    if (!held) return false;
    held.node.scrollIntoView({ block: "center" });
    held.node.focus({ preventScroll: true });
    return true;
  }
}
