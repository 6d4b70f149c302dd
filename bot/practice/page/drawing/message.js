/* One message: who, when, what, and what can be done with it. */
import { add, fill, h, restoreFocus } from "../dom.js";
import { notice } from "../announce.js";
import { post } from "../api.js";
import { blockNodes } from "./blocks.js";
import { ask } from "../windows/confirm.js";
import { emoji } from "./emoji.js";
import { menuButton } from "../windows/menu.js";
import { store, tell, userName } from "../store.js";
import { authorName, firstWords, mrkdwn } from "../text.js";
import { safeImage } from "../words.js";

const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const full = (ts) => new Date(Number(ts) * 1000).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" });

const QUIET = { channel_join: true, channel_leave: true, group_join: true, group_leave: true, channel_topic: true, pinned_item: true };

function initials(message) {
  const user = store.users.get(message.user);
  return user?.initials || authorName(message).split(/\s+/).map((word) => word[0]).join("").slice(0, 2).toUpperCase();
}

/** A steady colour for a person; decoration only, the name says who. */
function hue(id) {
  let sum = 0;
  for (const sign of String(id)) sum = (sum * 31 + sign.codePointAt(0)) % 8;
  return `hue${sum}`;
}

const isApp = (message) => Boolean(message.bot_id) || store.users.get(message.user)?.is_bot === true;

export function messageRow(message, context) {
  if (message.subtype === "tombstone") return tombstone(message, context);
  if (QUIET[message.subtype]) return quiet(message);
  const row = h("li", { class: `msg${message.is_ephemeral ? " private" : ""}${context.pinned ? " pinned" : ""}`, tabindex: "-1", data: { ts: message.ts }, "aria-label": `${authorName(message)}, ${clock(message.ts)}` });
  const meta = h("p", { class: "meta" },
    h("strong", { class: "author", dir: "auto" }, authorName(message)),
    isApp(message) ? h("span", { class: "tag" }, "App") : null,
    h("time", { datetime: new Date(Number(message.ts) * 1000).toISOString(), title: full(message.ts) }, clock(message.ts)),
    message.edited && isApp(message) ? h("span", { class: "edited" }, "(edited)") : null,
    context.pinned ? h("span", { class: "tag pin" }, "Pinned") : null,
    message.is_ephemeral ? h("span", { class: "only-you" }, "Only visible to you") : null);
  const body = h("div", { class: "body" }, meta, content(message, context), files(message), reactions(message), threadLine(message, context));
  add(row, [h("span", { class: `avatar ${isApp(message) ? "app" : hue(message.user)}`, "aria-hidden": "true" }, initials(message)), body, tools(message, context, row)]);
  return row;
}

function content(message, context) {
  const hasBlocks = message.blocks?.length > 0;
  const node = hasBlocks ? blockNodes(message.blocks, context.surface) : mrkdwn(message.text || "");
  node.classList.add("content");
  if (message.edited && !isApp(message)) {
    const text = hasBlocks ? node.lastElementChild || node : node;
    const last = text.lastElementChild?.matches("p") ? text.lastElementChild : text;
    last.append(h("span", { class: "edited" }, " (edited)"));
  }
  if (!hasBlocks && message.attachments?.length) for (const one of message.attachments) node.append(mrkdwn(one.text || one.fallback || ""));
  return node;
}

function files(message) {
  if (!message.files?.length) return null;
  return h("ul", { class: "files" }, message.files.map((file) => {
    const address = safeImage(file.url_private || "");
    const name = file.title || file.name || "A file";
    if (!address) return h("li", { dir: "auto" }, `File: ${name}`);
    const drawn = file.mimetype === "image/png" && file.alt_txt ? h("img", { src: address, alt: file.alt_txt, class: "sent" }) : null;
    return h("li", { dir: "auto" }, h("a", { href: address, target: "_blank", rel: "noopener" }, drawn, `File: ${name}`));
  }));
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("ul", { class: "reactions", "aria-label": "Reactions" }, message.reactions.map((one) =>
    h("li", { title: one.users.map(userName).join(", ") }, emoji(one.name) || `:${one.name}:`, ` ${one.count} `,
      h("span", { class: "unseen" }, `from ${one.users.map(userName).join(", ")}`))));
}

function threadLine(message, { inThread, channel }) {
  if (inThread) return null;
  if (message.subtype === "thread_broadcast") {
    return h("button", { type: "button", class: "thread-line", data: { fk: `thread|${message.ts}` }, on: { click: () => tell("open-thread", { channel, ts: message.thread_ts }) } }, "Replied in a thread: show it");
  }
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const last = message.latest_reply ? `, last at ${clock(message.latest_reply)}` : "";
  return h("button", {
    type: "button", class: "thread-line", data: { fk: `thread|${message.ts}` },
    on: { click: () => tell("open-thread", { channel, ts: message.ts }) },
  }, `${count}${last}`, h("span", { class: "unseen" }, `, open the thread of ${authorName(message)}: ${firstWords(message, 8)}`));
}

const menuKey = (message, { inThread }) => `${inThread ? "thread" : "channel"} menu|${message.ts}`;

function tools(message, context, row) {
  const { channel, inThread } = context;
  const about = `${authorName(message)} at ${clock(message.ts)}`;
  const root = h("div", { class: "tools" });
  if (!inThread && !message.is_ephemeral) {
    root.append(h("button", {
      type: "button", class: "tool", "aria-label": `Reply in thread to ${about}`, data: { fk: `reply|${message.ts}` },
      on: { click: () => tell("open-thread", { channel, ts: message.thread_ts || message.ts }) },
    }, "Reply"));
  }
  const items = menuItems(message, context, row);
  if (items.length) {
    root.append(menuButton({
      label: `More actions for the message of ${about}`, face: "More", className: "tool", focusKey: menuKey(message, context),
      items: () => menuItems(message, context, row),
    }));
  }
  return root;
}

function menuItems(message, context, row) {
  if (message.is_ephemeral) return [];
  const { channel } = context;
  const items = store.state.shortcuts.filter((shortcut) => (shortcut.type || "message") === "message").map((shortcut) => ({
    label: shortcut.name,
    choose: () => attempt(() => post("shortcut", { user: store.seat, callback_id: shortcut.callback_id, channel, ts: message.ts })),
  }));
  if (message.user === store.seat) {
    items.push({ label: "Edit message", choose: () => edit(message, context, row) });
    items.push({ label: "Delete message", danger: true, choose: () => remove(message, channel) });
  }
  return items;
}

async function attempt(work) {
  try {
    const reply = await work();
    if (reply?.ok === false) notice(reply.message || "The app did not answer. Nothing is lost; please try again.");
    return true;
  } catch (refused) {
    notice(refused.message);
    return false;
  }
}

async function remove(message, channel) {
  const sure = await ask({ title: "Delete this message?", body: mrkdwn(message.text || ""), yes: "Delete", no: "Keep it", danger: true });
  if (sure && (await attempt(() => post("delete", { user: store.seat, channel, ts: message.ts })))) tell("refresh");
}

const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function edit(message, context, row) {
  const old = row.querySelector(".content");
  const box = h("textarea", { class: "field-box", rows: "2", dir: "auto", "aria-label": "Edit your message", value: unescaped(message.text || "") });
  const wrong = h("p", { class: "problem", role: "alert" });
  const stop = () => {
    context.redraw();
    restoreFocus(document.body, { key: menuKey(message, context) });
  };
  const save = async () => {
    if (!box.value.trim()) {
      wrong.textContent = "The message is empty. Write something, or delete the message from its menu.";
      return;
    }
    try {
      await post("edit", { user: store.seat, channel: context.channel, ts: message.ts, text: box.value });
      stop();
      tell("refresh");
    } catch (refused) {
      wrong.textContent = refused.message;
    }
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      stop();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  context.editing(true);
  fill(old, box, wrong, h("div", { class: "buttons" },
    h("button", { type: "button", class: "btn", on: { click: stop } }, "Cancel"),
    h("button", { type: "button", class: "btn primary", on: { click: save } }, "Save")));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

function tombstone(message, context) {
  return h("li", { class: "msg gone", tabindex: "-1", data: { ts: message.ts } }, h("span", { class: "avatar blank", "aria-hidden": "true" }),
    h("div", { class: "body" }, h("p", { class: "quiet" }, "This message was deleted."), threadLine(message, context)));
}

function quiet(message) {
  return h("li", { class: "msg gone", tabindex: "-1", data: { ts: message.ts } }, h("span", { class: "avatar blank", "aria-hidden": "true" }),
    h("div", { class: "body quiet" }, mrkdwn(message.text || "")));
}
