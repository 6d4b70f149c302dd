/* The `markdown` block: the common marks, drawn as nodes. */
import { h } from "../dom.js";
import { letters, link } from "../text.js";

const INLINE = [
  [/^`([^`\n]+)`/, (found) => h("code", {}, found[1])],
  [/^\*\*(\S(?:[^\n]*?\S)?)\*\*/, (found) => h("strong", {}, spans(found[1]))],
  [/^__(\S(?:[^\n]*?\S)?)__/, (found) => h("strong", {}, spans(found[1]))],
  [/^~~(\S(?:[^\n]*?\S)?)~~/, (found) => h("s", {}, spans(found[1]))],
  [/^\*(\S(?:[^*\n]*?\S)?)\*/, (found) => h("em", {}, spans(found[1]))],
  [/^_(\S(?:[^_\n]*?\S)?)_(?!\w)/, (found) => h("em", {}, spans(found[1]))],
  [/^\[([^\]\n]+)\]\(([^)\s]+)\)/, (found) => link(found[2], spans(found[1]))],
  [/^\\([\\`*_{}[\]()#+\-.!~>|])/, (found) => found[1]],
];

function spans(text) {
  const parts = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const hit = /^[\\`*_~[]/.test(rest) && INLINE.map(([sign, draw]) => [rest.match(sign), draw]).find(([found]) => found);
    if (!hit) {
      plain += text[at];
      at += 1;
      continue;
    }
    parts.push(letters(plain), hit[1](hit[0]));
    plain = "";
    at += hit[0][0].length;
  }
  parts.push(letters(plain));
  return parts;
}

const KINDS = [
  ["fence", /^```/],
  ["heading", /^(#{1,6})\s+(.*)$/],
  ["rule", /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/],
  ["quote", /^>\s?(.*)$/],
  ["bullet", /^\s*[-*+]\s+(.*)$/],
  ["number", /^\s*\d+[.)]\s+(.*)$/],
  ["blank", /^\s*$/],
];

function kindOf(line) {
  for (const [kind, sign] of KINDS) {
    const found = line.match(sign);
    if (found) return [kind, found];
  }
  return ["text", null];
}

function drawn(kind, held) {
  if (kind === "quote") return h("blockquote", { dir: "auto" }, spans(held.join("\n")));
  if (kind === "bullet") return h("ul", {}, held.map((item) => h("li", { dir: "auto" }, spans(item))));
  if (kind === "number") return h("ol", {}, held.map((item) => h("li", { dir: "auto" }, spans(item))));
  return h("p", { dir: "auto" }, spans(held.join("\n")));
}

export function markdown(source) {
  const root = h("div", { class: "text" });
  let kind = "";
  let held = [];
  const flush = () => {
    if (held.length) root.append(drawn(kind, held));
    held = [];
    kind = "";
  };
  const rows = String(source).split("\n");
  for (let at = 0; at < rows.length; at += 1) {
    const [now, found] = kindOf(rows[at]);
    if (now === "fence") {
      flush();
      const end = rows.findIndex((line, index) => index > at && line.startsWith("```"));
      root.append(h("pre", { tabindex: "0" }, rows.slice(at + 1, end < 0 ? undefined : end).join("\n")));
      at = end < 0 ? rows.length : end;
    } else if (now === "heading") {
      flush();
      root.append(h("p", { class: `md-h md-h${found[1].length}`, role: "heading", "aria-level": String(Math.min(6, found[1].length + 3)), dir: "auto" }, spans(found[2])));
    } else if (now === "rule") {
      flush();
      root.append(h("hr"));
    } else if (now === "blank") {
      flush();
    } else {
      if (now !== kind) flush();
      kind = now;
      held.push(found ? found[1] : rows[at]);
    }
  }
  flush();
  return root;
}
