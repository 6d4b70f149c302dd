/* A message box: Enter sends, Shift + Enter makes a line, "/" offers commands, "@" offers people. */
import { fill, freshId, h } from "../dom.js";
import { post, Refused } from "../api.js";
import { channelName, commandsWorkIn, store, tell, userName } from "../store.js";
import { attachments } from "./attach.js";
import { suggestions } from "./suggest.js";

export class Composer {
  /** place() answers {channel, thread_ts?}; sent() is called after a message went out. */
  constructor(root, { place, label, inThread, sent }) {
    this.place = place;
    this.inThread = inThread;
    this.sent = sent;
    this.names = new Map();
    const id = freshId("compose");
    const hintId = freshId("hint");
    this.problem = h("p", { class: "problem", role: "alert" });
    this.label = h("label", { for: id, class: "unseen" });
    this.box = h("textarea", { id, rows: "1", dir: "auto", class: "compose-box", "aria-describedby": hintId, autocomplete: "off", data: { fk: id } });
    this.list = suggestions(this.box, {
      commands: !inThread,
      pickedPerson: (person) => this.names.set(person.id, userName(person.id)),
      inserted: () => this.grown(),
    });
    this.files = attachments();
    this.hint = h("p", { class: "hint", id: hintId });
    const button = h("button", { type: "submit", class: "btn primary" }, "Send");
    const form = h("form", { class: "compose-form" }, this.label, this.list.node, this.problem,
      this.files.chips,
      h("div", { class: "compose-line" }, this.files.button, this.box, button),
      this.hint);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("input", () => this.grown());
    fill(root, form);
    this.rename(label);
  }

  rename(label) {
    this.label.textContent = label;
    this.box.placeholder = label;
  }

  draftKey() {
    const { channel, thread_ts: thread } = this.place();
    return `${store.seat} ${channel} ${thread || ""}`;
  }

  /** Keeps what stands in the box for the place it was typed in. */
  stow() {
    if (this.box.dataset.key) store.drafts.set(this.box.dataset.key, this.box.value);
  }

  /** Turns to another place: its own draft comes back. */
  turn(label) {
    this.stow();
    this.rename(label);
    this.hint.textContent = hintFor(store.place, this.inThread);
    this.problem.textContent = "";
    this.box.dataset.key = this.draftKey();
    this.box.value = store.drafts.get(this.box.dataset.key) || "";
    this.list.close();
    this.grown();
  }

  grown() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, Math.max(80, window.innerHeight * 0.35))}px`;
  }

  key(event) {
    if (event.isComposing || this.list.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    const typed = this.box.value;
    const key = this.draftKey();
    this.problem.textContent = "";
    this.list.close();
    if (!typed.trim() && !this.files.list().length) return;
    const command = typed.match(/^\/(\S+)\s*([\s\S]*)$/);
    const refusal = command ? this.refused(`/${command[1]}`) : "";
    if (refusal) {
      this.problem.textContent = refusal;
      return;
    }
    this.box.value = "";
    this.grown();
    try {
      if (command) await this.command(`/${command[1]}`, command[2].trim());
      else await this.message(typed);
      store.drafts.delete(key);
    } catch (problem) {
      this.giveBack(key, typed, command && problem.code !== "unreachable" ? problem.message : `Not sent. ${problem.message}`);
    }
  }

  /** Why a command cannot be sent from here, or "". */
  refused(command) {
    if (this.inThread) return `${command} does not work in a thread. Use the message box of the channel. What you typed is still here.`;
    if (store.state.commands.some((one) => one.command === command)) return "";
    return `There is no command ${command} here. Type / to see what there is; put a space first to send it as a message.`;
  }

  async command(command, text) {
    const reply = await post("command", { user: store.seat, ...this.place(), command, text });
    if (reply.ok === false) throw new Refused(reply.error || "no_answer", "The app did not answer. What you typed is here again; please look whether it happened, then try again.");
    tell("refresh");
  }

  async message(typed) {
    const named = [...this.names].filter(([, name]) => typed.includes(`@${name}`));
    const files = await this.files.encoded();
    await post("message", { user: store.seat, ...this.place(), text: typed, ...(files.length ? { files } : {}), ...(named.length ? { mentions: Object.fromEntries(named) } : {}) });
    this.names.clear();
    this.files.clear();
    this.sent();
  }

  /** After a failure: the text returns to its own place, even if the person has moved on. */
  giveBack(key, typed, sentence) {
    if (this.box.dataset.key !== key) {
      store.drafts.set(key, typed);
      return;
    }
    this.box.value = this.box.value ? `${typed}\n${this.box.value}` : typed;
    this.problem.textContent = sentence;
    this.grown();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }
}

/** How to write here; commands are named only where they work. */
function hintFor(place, inThread) {
  const keys = "Enter sends, Shift + Enter makes a new line.";
  if (inThread) return keys;
  return commandsWorkIn(place) ? `${keys} Type / for commands, @ for people.` : `${keys} Type @ for people.`;
}

export function channelLabel(id) {
  const channel = store.channels.get(id);
  if (!channel) return "Write a message";
  return channel.is_im ? `Message ${channelName(id)}` : `Message #${channel.name}`;
}
