/* rich_text blocks and tables. */
import { h } from "../dom.js";
import { emoji } from "./emoji.js";
import { broadcast, letters, link, mention } from "../text.js";
import { channelName } from "../store.js";

const WRAPS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

/** The sign of an emoji: its picture with a name read aloud, or the character Slack names, in its skin tone. */
function sign(item) {
  const tone = item.skin_tone ? [0x1f3f9 + item.skin_tone] : [];
  if (!tone.length && emoji(item.name)) return emoji(item.name);
  if (!item.unicode) return `:${item.name}:`;
  const [first, ...rest] = item.unicode.split("-").map((code) => parseInt(code, 16));
  return String.fromCodePoint(first, ...tone, ...(tone.length && rest[0] === 0xfe0f ? rest.slice(1) : rest));
}

function leaf(item) {
  if (item.type === "text") return item.style?.code ? item.text : letters(item.text);
  if (item.type === "link") return link(item.url, item.text || item.url);
  if (item.type === "emoji") return sign(item);
  if (item.type === "user") return mention(item.user_id);
  if (item.type === "broadcast") return broadcast(item.range);
  if (item.type === "channel") return h("span", { class: "mention" }, `#${channelName(item.channel_id)}`);
  if (item.type === "usergroup") return h("span", { class: "mention" }, "@group");
  if (item.type === "date") return item.fallback || new Date(item.timestamp * 1000).toLocaleString("en-GB");
  if (item.type === "color") return item.value;
  return item.text || "";
}

function styled(item) {
  let node = leaf(item);
  for (const [style, tag] of Object.entries(WRAPS)) if (item.style?.[style]) node = h(tag, {}, node);
  return node;
}

const leaves = (elements) => (elements || []).map(styled);

function part(element) {
  if (element.type === "rich_text_preformatted") return h("pre", { tabindex: "0", dir: "auto" }, leaves(element.elements));
  if (element.type === "rich_text_quote") return h("blockquote", { dir: "auto" }, leaves(element.elements));
  if (element.type === "rich_text_list") {
    const tag = element.style === "ordered" ? "ol" : "ul";
    const list = h(tag, { class: `indent-${Math.min(element.indent || 0, 4)}`, start: tag === "ol" && element.offset ? element.offset + 1 : null });
    for (const item of element.elements || []) list.append(h("li", { dir: "auto" }, leaves(item.elements)));
    return list;
  }
  return h("p", { dir: "auto" }, leaves(element.elements));
}

export function richText(block) {
  return h("div", { class: "text" }, (block.elements || []).map(part));
}

function cell(value, tag, props = {}) {
  const content = value?.type === "rich_text" ? richText(value) : letters(String(value?.text ?? value?.value ?? ""));
  return h(tag, { dir: "auto", class: value?.type === "raw_number" ? "number" : null, ...props }, content);
}

/** `table` and `data_table`; a wide one scrolls in its own box, by keyboard too. */
export function table(block) {
  const rows = block.rows || [];
  const head = block.type === "data_table" ? block.row_header_column_index ?? -1 : -1;
  const body = rows.slice(1).map((row) =>
    h("tr", {}, row.map((value, column) => (column === head ? cell(value, "th", { scope: "row" }) : cell(value, "td")))));
  return h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": block.caption || "Table" },
    h("table", {},
      block.caption ? h("caption", { dir: "auto" }, block.caption) : null,
      h("thead", {}, h("tr", {}, (rows[0] || []).map((value) => cell(value, "th", { scope: "col" })))),
      h("tbody", {}, body)));
}
