/* Slack's mrkdwn and plain text, drawn as nodes. Nothing typed by a person is ever read as markup of the page. */
import { h } from "./dom.js";
import { emoji } from "./drawing/emoji.js";
import { appUser, channelName, store, userName } from "./store.js";

const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i;
const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mention(id) {
  const mine = id === store.seat;
  return h("span", { class: mine ? "mention me" : "mention", dir: "auto" }, `@${userName(id)}`);
}

export function broadcast(range) {
  return h("span", { class: "mention" }, `@${range}`);
}

export function link(address, children) {
  if (!SAFE_LINK.test(address)) return h("span", {}, children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** Letters and :emoji: only. */
export function letters(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/:([a-z0-9_+-]{1,40}):/g)) {
    const picture = emoji(found[1]);
    if (!picture) continue;
    parts.push(text.slice(from, found.index), picture);
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

/** What stands between < and > in mrkdwn: a person, a channel, a broadcast, a date or a link. */
function control(inside) {
  const cut = inside.indexOf("|");
  const target = cut < 0 ? inside : inside.slice(0, cut);
  const label = cut < 0 ? "" : inside.slice(cut + 1);
  if (/^@[UWB]/.test(target)) return mention(target.slice(1));
  if (/^#[CDG]/.test(target)) return h("span", { class: "mention" }, `#${label || channelName(target.slice(1))}`);
  if (target.startsWith("!date^")) return h("span", {}, unescape(label || target.split("^")[2] || ""));
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, unescape(label || "@group"));
  if (target.startsWith("!")) return broadcast(target.slice(1));
  if (SAFE_LINK.test(target)) return link(unescape(target), letters(unescape(label || target)));
  return unescape(`<${inside}>`);
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
const EDGE = /[\s.,;:!?()[\]{}"'“”‘’<>|/\\–—*_~`-]/u;

function styledEnd(text, start, mark) {
  const before = start === 0 ? " " : text[start - 1];
  const next = text[start + 1];
  if (!EDGE.test(before) || next === undefined || /\s/.test(next) || next === mark) return -1;
  for (let at = text.indexOf(mark, start + 2); at > 0; at = text.indexOf(mark, at + 1)) {
    if (text.slice(start, at).includes("\n")) return -1;
    const after = at + 1 >= text.length ? " " : text[at + 1];
    if (!/\s/.test(text[at - 1]) && EDGE.test(after)) return at;
  }
  return -1;
}

/** One run of mrkdwn without pre blocks or quotes. */
export function inline(text) {
  const parts = [];
  let plain = "";
  const flush = () => {
    if (plain) parts.push(letters(unescape(plain)));
    plain = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "<") {
      const end = text.indexOf(">", at);
      if (end > at + 1 && !text.slice(at, end).includes("\n")) {
        flush();
        parts.push(control(text.slice(at + 1, end)));
        at = end;
        continue;
      }
    }
    if (sign === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > at + 1 && !text.slice(at, end).includes("\n")) {
        flush();
        parts.push(h("code", {}, plainLetters(text.slice(at + 1, end))));
        at = end;
        continue;
      }
    }
    if (Object.hasOwn(STYLES, sign)) {
      const end = styledEnd(text, at, sign);
      if (end > 0) {
        flush();
        parts.push(h(STYLES[sign], {}, inline(text.slice(at + 1, end))));
        at = end;
        continue;
      }
    }
    plain += sign;
  }
  flush();
  return parts.flat(Infinity);
}

/** Code keeps its signs; a link inside is shown by its words. */
function plainLetters(text) {
  return unescape(text.replace(/<([^>|\n]+)(?:\|([^>\n]*))?>/g, (_, target, label) => label || target));
}

function lines(text) {
  const out = [];
  let kind = "";
  let held = [];
  const flush = () => {
    if (!held.length) return;
    if (kind === "quote") out.push(h("blockquote", { dir: "auto" }, inline(held.join("\n"))));
    else if (kind === "list") out.push(h("ul", {}, held.map((item) => h("li", { dir: "auto" }, inline(item)))));
    else out.push(h("p", { dir: "auto" }, inline(held.join("\n"))));
    held = [];
  };
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    const item = line.match(/^\s*• +(.*)$/);
    const now = quoted ? "quote" : item ? "list" : "text";
    if (now !== kind) flush();
    kind = now;
    held.push(quoted ? quoted[1] : item ? item[1] : line);
  }
  flush();
  return out;
}

/** A whole mrkdwn text as a block of nodes. */
export function mrkdwn(text) {
  const root = h("div", { class: "text", dir: "auto" });
  String(text ?? "").split("```").forEach((piece, index, all) => {
    const closed = index < all.length - 1;
    const trimmed = all.length === 1 ? piece : piece.replace(/^\n|\n$/g, "");
    if (index % 2 === 1 && closed) root.append(h("pre", { dir: "auto", tabindex: "0" }, plainLetters(trimmed)));
    else if (index % 2 === 1) root.append(...lines("```" + piece));
    else if (piece.trim() || all.length === 1) root.append(...lines(trimmed));
  });
  return root;
}

/** A text object of Block Kit, inline (for labels, buttons, options). */
export function textInline(object) {
  if (!object) return "";
  if (typeof object === "string") return letters(object);
  return object.type === "mrkdwn" ? inline(object.text) : letters(object.text);
}

/** A text object of Block Kit as a block. */
export function textBlock(object) {
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return h("div", { class: "text" }, h("p", { dir: "auto" }, letters(object.text)));
}

/** The words of a message, for announcing it and for menus. */
export function firstWords(message, limit = 18) {
  const words = mrkdwn(message.text || "").textContent.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "";
  return words.slice(0, limit).join(" ") + (words.length > limit ? " …" : "");
}

export function authorName(message) {
  if (message.user && store.users.has(message.user)) return userName(message.user);
  return message.username || message.bot_profile?.name || (message.bot_id ? appUser()?.real_name : "") || message.user || "Somebody";
}
