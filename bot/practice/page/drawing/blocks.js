/* Block Kit blocks, for messages, forms and the Home tab alike. */
import { add, freshId, h } from "../dom.js";
import { chart } from "./chart.js";
import { element, picture } from "./elements.js";
import { markdown } from "./markdown.js";
import { richText, table } from "./richtext.js";
import { unknown } from "../surface.js";
import { textBlock, textInline } from "../text.js";
import { plainWords } from "../words.js";

const ALERT_WORDS = { info: "For information", warning: "Warning", error: "Something is wrong", success: "Done", default: "Note" };

function section(block, surface) {
  const root = h("div", { class: "section" });
  const body = h("div", { class: "section-body" });
  const textId = freshId("text");
  if (block.text) {
    const text = textBlock(block.text);
    text.id = textId;
    body.append(text);
  }
  if (block.fields?.length) body.append(h("div", { class: "facts" }, block.fields.map((field) => h("div", { class: "fact" }, textBlock(field)))));
  root.append(body);
  if (block.accessory) {
    const drawn = element(block.accessory, block, surface, { dispatch: true, labelledBy: block.text && block.accessory.type !== "button" ? textId : null });
    root.append(h("div", { class: "accessory" }, drawn ? drawn.node : unknown(block.accessory.type)));
  }
  return root;
}

function header(block, surface) {
  const level = surface.container.type === "home" ? "2" : "3";
  return h("div", { class: "header", role: "heading", "aria-level": level, dir: "auto" }, textInline(block.text));
}

function context(block) {
  return h("div", { class: "context" }, block.elements.map((item) =>
    item.type === "image" ? picture(item, "tiny") : h("span", { dir: "auto", class: "context-text" }, textBlock(item))));
}

function actions(block, surface) {
  return h("div", { class: "actions" }, block.elements.map((item) => {
    const drawn = element(item, block, surface, { dispatch: true });
    return drawn ? drawn.node : unknown(item.type);
  }));
}

/** An input block. Its place is kept in surface.fields, so that a refusal can be shown beside it. */
function input(block, surface) {
  const item = block.element;
  const ids = { label: freshId("label"), box: freshId("box"), hint: freshId("hint"), error: freshId("error") };
  const optional = block.optional === true;
  const drawn = element(item, block, surface, {
    input: true, id: ids.box, labelledBy: ids.label, describedBy: `${block.hint ? `${ids.hint} ` : ""}${ids.error}`,
    required: !optional, optional, dispatch: block.dispatch_action === true,
  });
  if (!drawn) return unknown(item.type);
  const label = h(drawn.group ? "div" : "label", { id: ids.label, class: "label", for: drawn.group ? null : ids.box, dir: "auto" },
    textInline(block.label), optional ? h("span", { class: "optional" }, " (optional)") : null);
  const error = h("p", { id: ids.error, class: "error", hidden: true, dir: "auto" });
  const root = h("div", { class: "field", data: { block: block.block_id } }, label,
    block.hint ? h("p", { id: ids.hint, class: "hint", dir: "auto" }, textInline(block.hint)) : null, drawn.node, error);
  surface.fields.push({
    block, root, focus: drawn.focus,
    show(sentence) {
      error.replaceChildren();
      error.hidden = !sentence;
      root.classList.toggle("wrong", Boolean(sentence));
      if (sentence) add(error, [h("strong", {}, "Please look: "), sentence]);
      const target = drawn.group ? drawn.node : drawn.focus;
      if (sentence) target?.setAttribute("aria-invalid", "true");
      else target?.removeAttribute("aria-invalid");
    },
  });
  return root;
}

function image(block) {
  return h("figure", { class: "figure" }, block.title ? h("figcaption", { dir: "auto" }, textInline(block.title)) : null, picture(block, "picture"));
}

function alert(block) {
  const level = Object.hasOwn(ALERT_WORDS, block.level) ? block.level : "default";
  return h("div", { class: `alert ${level}`, role: "note" }, h("strong", {}, `${ALERT_WORDS[level]}: `), textBlock(block.text));
}

function card(block, surface) {
  const words = ["title", "subtitle", "body", "subtext"].filter((part) => block[part])
    .map((part) => h("div", { class: `card-${part}` }, textBlock(block[part])));
  return h("div", { class: "card" }, block.hero_image ? picture(block.hero_image, "picture") : null, words,
    block.actions?.length ? actions({ ...block, elements: block.actions }, surface) : null);
}

function container(block, surface) {
  const inner = (block.child_blocks || []).map((child) => blockNode(child, surface));
  if (!block.is_collapsible) return h("div", { class: "card" }, h("p", { class: "card-title" }, plainWords(block.title)), inner);
  return h("details", { class: "card", open: !block.default_collapsed }, h("summary", {}, plainWords(block.title)), inner);
}

const DRAW = {
  section, header, context, actions, input, image, alert, card, container, table,
  data_table: table,
  data_visualization: chart,
  divider: () => h("hr"),
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  context_actions: actions,
  carousel: (block, surface) => h("div", {}, block.elements.map((one) => card(one, surface))),
};

function blockNode(block, surface) {
  const draw = DRAW[block.type];
  if (!draw) return unknown(block.type);
  try {
    return draw(block, surface);
  } catch (problem) {
    console.error("block not drawn", block, problem);
    return unknown(block.type);
  }
}

/** All blocks of one message, form or Home tab. */
export function blockNodes(blocks, surface, serverValues = null) {
  surface.begin(serverValues);
  const root = h("div", { class: "blocks" });
  for (const block of blocks || []) root.append(blockNode(block, surface));
  return root;
}
