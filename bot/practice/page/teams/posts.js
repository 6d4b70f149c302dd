/* A channel as posts with their replies, a chat as messages: who, when, what, and what can be done with it. */
import { add, fill, focusPlace, h, restoreFocus } from "../dom.js";
import { notice } from "../announce.js";
import { post } from "../api.js";
import { ask } from "../windows/confirm.js";
import { menuButton } from "../windows/menu.js";
import { store, tell } from "../store.js";
import { cardWithFoot } from "./card.js";

const clock = (made) => new Date(made).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const KEPT_OPEN = 2;
const opened = new Map(); // posts whose replies somebody unfolded or folded

function initials(name) {
  return name.split(/\s+/).map((word) => word[0]).join("").slice(0, 2).toUpperCase();
}

function hue(id) {
  let sum = 0;
  for (const sign of String(id)) sum = (sum * 31 + sign.codePointAt(0)) % 8;
  return `hue${sum}`;
}

async function attempt(work) {
  try {
    return await work();
  } catch (refused) {
    notice(refused.message);
    return null;
  }
}

function file(one, message) {
  if (one.kind === "info") return h("p", { class: "files" }, h("a", { href: one.address, target: "_blank", rel: "noopener" }, `File: ${one.name}`));
  const answer = (accept) => attempt(() => post("consent", { user: store.seat, place: message.place, id: message.id, accept }));
  return h("div", { class: "card" }, h("p", { class: "card-title", dir: "auto" }, one.name), h("p", { class: "ac-text", dir: "auto" }, one.words),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "btn primary", data: { fk: `allow|${message.id}` }, on: { click: () => answer(true) } }, "Allow"),
      h("button", { type: "button", class: "btn", data: { fk: `decline|${message.id}` }, on: { click: () => answer(false) } }, "Decline")));
}

function body(message, act) {
  const parts = [];
  if (message.text) parts.push(h("p", { class: "ac-text content", dir: "auto" }, message.text));
  if (message.card) parts.push(cardWithFoot(message.card, (action, values, button) => act(message, action, values, button), message.id));
  for (const one of message.files || []) parts.push(file(one, message));
  return parts;
}

function edit(message, row) {
  const old = row.querySelector(".content");
  const box = h("textarea", { class: "field-box", rows: "2", dir: "auto", "aria-label": "Edit your message", value: message.text });
  const stop = () => old.replaceChildren(message.text);
  const save = async () => {
    if (!box.value.trim()) return;
    await attempt(() => post("edit", { user: store.seat, place: message.place, id: message.id, text: box.value }));
    tell("refresh");
  };
  fill(old, box, h("span", { class: "buttons" }, h("button", { type: "button", class: "btn", on: { click: stop } }, "Cancel"),
    h("button", { type: "button", class: "btn primary", on: { click: save } }, "Save")));
  box.focus();
}

async function remove(message) {
  const sure = await ask({ title: "Delete this message?", body: h("p", {}, message.text), yes: "Delete", no: "Keep it", danger: true });
  if (sure && (await attempt(() => post("delete", { user: store.seat, place: message.place, id: message.id })))) tell("refresh");
}

function tools(message, row) {
  if (message.bot) return null;
  const items = () => {
    const found = store.state.actions.map((one) => ({ label: one.title, choose: () => tell("use", { message, command: one.id }) }));
    if (message.sender !== store.seat) return found;
    return [...found, { label: "Edit message", choose: () => edit(message, row) }, { label: "Delete message", danger: true, choose: () => remove(message) }];
  };
  return h("div", { class: "tools" }, menuButton({
    label: `More actions for the message of ${message.name} at ${clock(message.made)}`, face: "More", className: "tool", focusKey: `menu|${message.id}`, items,
  }));
}

function row(message, act, { tag = "li", children = [] } = {}) {
  const node = h(tag, { class: "msg", tabindex: "-1", data: { ts: message.id }, "aria-label": `${message.name}, ${clock(message.made)}` });
  const meta = h("p", { class: "meta" }, h("strong", { class: "author", dir: "auto" }, message.name), message.bot ? h("span", { class: "tag" }, "App") : null,
    h("time", { datetime: message.made }, clock(message.made)), message.edited && !message.bot ? h("span", { class: "edited" }, "(edited)") : null);
  add(node, [h("span", { class: `avatar ${message.bot ? "app" : hue(message.sender)}`, "aria-hidden": "true" }, initials(message.name)),
    h("div", { class: "body" }, meta, body(message, act), children), tools(message, node)]);
  return node;
}

function replyBox(message, say) {
  const box = h("textarea", { class: "compose-box", rows: "1", dir: "auto", "aria-label": `Reply to the post of ${message.name}`, placeholder: "Reply", data: { fk: `reply|${message.id}`, root: message.id }, value: store.drafts.get(`reply ${store.seat} ${message.id}`) || "" });
  box.addEventListener("input", () => store.drafts.set(`reply ${store.seat} ${message.id}`, box.value));
  const send = async () => {
    if (!box.value.trim()) return;
    const text = box.value;
    box.value = "";
    store.drafts.delete(`reply ${store.seat} ${message.id}`);
    if (!(await say(text, message.id))) box.value = text;
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  return h("div", { class: "compose-line reply-line" }, box, h("button", { type: "button", class: "btn", data: { fk: `send|${message.id}` }, on: { click: send } }, "Reply"));
}

function replies(message, act, say, last) {
  const open = opened.get(message.id) ?? last;
  const count = message.replies.length === 1 ? "1 reply" : `${message.replies.length} replies`;
  const list = h("ol", { class: "replies", "aria-label": `Replies to the post of ${message.name}`, hidden: !open }, message.replies.map((one) => row(one, act)));
  const fold = message.replies.length ? h("button", {
    type: "button", class: "thread-line", "aria-expanded": String(open), data: { fk: `fold|${message.id}` },
    on: {
      click: () => {
        opened.set(message.id, list.hidden);
        list.hidden = !list.hidden;
        fold.setAttribute("aria-expanded", String(!list.hidden));
      },
    },
  }, count) : null;
  return [fold, list, replyBox(message, say)];
}

export function unfold(id) {
  opened.set(id, true);
}

let sign = "";

export function forgetPosts() {
  sign = "";
}

/** Draws the place anew where it changed; the reader's place and the keyboard's stay. */
export function drawPosts(scroller, { posts, chat }, act, say) {
  const now = JSON.stringify([store.seat, store.place, posts]);
  if (now === sign) return;
  const first = sign === "";
  sign = now;
  const keep = focusPlace(scroller);
  const atBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
  const { scrollTop } = scroller;
  const list = h("ol", { class: "messages" }, posts.map((message, place) =>
    row(message, act, { children: chat ? [] : replies(message, act, say, place >= posts.length - KEPT_OPEN) })));
  if (!posts.length) list.append(h("li", { class: "empty" }, chat ? "No messages here yet. Type home, or meeting help." : `No posts here yet. @${store.state.bot} meeting opens the unit's meeting.`));
  fill(scroller, list);
  scroller.scrollTop = first || atBottom ? scroller.scrollHeight : scrollTop;
  if (keep && !restoreFocus(scroller, keep)) scroller.focus({ preventScroll: true });
}
