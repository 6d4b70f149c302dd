/* Our own subset of Adaptive Cards 1.5: every word is a text node, so nothing in a card can act but its own buttons. */
import { add, freshId, h } from "../dom.js";

const LOOKS = ["size", "weight", "color"];

function look(part) {
  const names = LOOKS.filter((name) => part[name]).map((name) => `ac-${name}-${String(part[name]).toLowerCase()}`);
  if (part.isSubtle) names.push("ac-subtle");
  return names.join(" ");
}

/** A card that was drawn: its inputs by id, and the parts that can be shown and hidden. */
class Drawing {
  /** act(action, values, button) does what a press asks for. */
  constructor(act, key) {
    this.act = act;
    this.key = key;
    this.inputs = new Map();
    this.named = new Map();
  }

  values() {
    return Object.fromEntries([...this.inputs].map(([id, read]) => [id, read()]));
  }
}

// ---- words

function textBlock(part) {
  const heading = part.style === "heading";
  return h("p", { class: `ac-text ${look(part)}`, dir: "auto", role: heading ? "heading" : null, "aria-level": heading ? "3" : null }, part.text);
}

function richText(part) {
  const runs = (part.inlines || []).map((run) => (typeof run === "string" ? run : h("span", { class: look(run) }, run.text)));
  return h("p", { class: "ac-text", dir: "auto" }, runs);
}

function table(part, drawing) {
  const row = (one, number) => h("tr", {}, (one.cells || []).map((cell) => {
    const head = part.firstRowAsHeader && number === 0;
    return h(head ? "th" : "td", { scope: head ? "col" : null }, (cell.items || []).map((item) => element(item, drawing)));
  }));
  return h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", {}, h("tbody", {}, (part.rows || []).map(row))));
}

// ---- what is filled in

const REQUIRED = / \*$/;

function labelled(part, box, { group = false } = {}) {
  const required = REQUIRED.test(part.label || "");
  if (group) {
    const legend = part.label ? h("legend", { dir: "auto" }, part.label) : null;
    box.prepend(legend || "");
    return h("div", { class: "ac-input" }, box);
  }
  box.id ||= freshId("in");
  if (required) box.setAttribute("aria-required", "true");
  return h("div", { class: "ac-input" }, h("label", { for: box.id, dir: "auto" }, part.label || ""), box);
}

function typed(kind) {
  return (part, drawing) => {
    const start = part.value === undefined ? "" : String(part.value);
    const box = part.isMultiline
      ? h("textarea", { class: "field-box", rows: "3", dir: "auto", maxlength: part.maxLength, placeholder: part.placeholder, value: start })
      : h("input", { class: "field-box", type: kind, dir: "auto", maxlength: part.maxLength, placeholder: part.placeholder, autocomplete: "off", value: start });
    box.dataset.fk = `${drawing.key}|${part.id}`;
    drawing.inputs.set(part.id, () => box.value);
    return labelled(part, box);
  };
}

function choiceSet(part, drawing) {
  const chosen = String(part.value ?? "").split(part.isMultiSelect ? "," : "\u0000");
  const name = freshId("choice");
  if (!part.isMultiSelect && part.style !== "expanded") {
    const options = part.choices.map((one) => h("option", { value: one.value, selected: chosen.includes(one.value) }, one.title));
    const box = h("select", { class: "field-box", data: { fk: `${drawing.key}|${part.id}` } }, h("option", { value: "" }, part.placeholder || ""), options);
    drawing.inputs.set(part.id, () => box.value);
    return labelled(part, box);
  }
  const boxes = part.choices.map((one) => h("input", {
    type: part.isMultiSelect ? "checkbox" : "radio", name, value: one.value, checked: chosen.includes(one.value), data: { fk: `${drawing.key}|${part.id}|${one.value}` },
  }));
  drawing.inputs.set(part.id, () => boxes.filter((box) => box.checked).map((box) => box.value).join(","));
  const lines = boxes.map((box, place) => h("label", { class: "choice" }, box, h("span", { dir: "auto" }, part.choices[place].title)));
  return labelled(part, h("fieldset", { class: part.style === "compact" ? "ac-many" : "" }, lines), { group: true });
}

// ---- what is pressed

const KINDS = { positive: "btn primary", destructive: "btn danger" };

function toggle(action, drawing, button) {
  for (const target of action.targetElements || []) {
    const id = typeof target === "string" ? target : target.elementId;
    const node = drawing.named.get(id);
    if (!node) continue;
    node.hidden = typeof target === "object" && target.isVisible !== undefined ? !target.isVisible : !node.hidden;
    const opener = drawing.openers?.get(id);
    if (node.hidden) opener?.focus();
    else {
      (drawing.openers ||= new Map()).set(id, button);
      node.querySelector("button")?.focus();
    }
    (opener || button).setAttribute("aria-expanded", String(!node.hidden));
  }
}

/** The way to a message: in practice it is a post of this page; anything else is no link here. */
function leads(action, drawing, number) {
  const id = /^https:\/\/teams\.microsoft\.com\/l\/message\/[^/]+\/(\d+)\?/.exec(action.url || "")?.[1];
  const go = () => {
    const post = document.querySelector(`[data-ts="${id}"]`);
    post?.scrollIntoView({ block: "start" });
    post?.focus({ preventScroll: true });
  };
  return id ? h("button", { type: "button", class: "btn", data: { fk: `${drawing.key}|${action.title}|${number}` }, on: { click: go } }, action.title) : null;
}

export function actionButton(action, drawing, number) {
  if (action.type === "Action.OpenUrl") return leads(action, drawing, number);
  const button = h("button", {
    type: "button", class: KINDS[action.style] || "btn", "aria-label": action.tooltip || null,
    "aria-expanded": action.type === "Action.ToggleVisibility" ? "false" : null, data: { fk: `${drawing.key}|${action.title}|${number}` },
  }, action.title);
  button.addEventListener("click", async () => {
    if (action.type === "Action.ToggleVisibility") {
      toggle(action, drawing, button);
      return;
    }
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await drawing.act(action, action.associatedInputs === "none" ? {} : drawing.values(), button);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  return button;
}

// ---- everything

const DRAW = {
  TextBlock: textBlock,
  RichTextBlock: richText,
  Table: table,
  Container: (part, drawing) => h("div", { class: part.style === "emphasis" ? "ac-emphasis" : "ac-container" }, (part.items || []).map((one) => element(one, drawing))),
  ColumnSet: (part, drawing) => h("div", { class: "ac-columns" }, (part.columns || []).map((column) =>
    h("div", { class: column.width === "auto" ? "ac-auto" : "ac-stretch" }, (column.items || []).map((one) => element(one, drawing))))),
  ActionSet: (part, drawing) => h("div", { class: "actions" }, part.actions.map((action, number) => actionButton(action, drawing, number))),
  "Input.Text": typed("text"),
  "Input.Number": typed("number"),
  "Input.Date": typed("date"),
  "Input.Time": typed("time"),
  "Input.ChoiceSet": choiceSet,
};

function element(part, drawing) {
  const draw = DRAW[part.type];
  const node = draw ? draw(part, drawing) : h("p", { class: "quiet" }, `(The practice page does not draw “${part.type}”.)`);
  if (part.spacing) node.classList.add(`ac-spacing-${String(part.spacing).toLowerCase()}`);
  if (part.separator) node.classList.add("ac-separator");
  if (part.isVisible === false) node.hidden = true;
  if (part.id) drawing.named.set(part.id, node);
  return node;
}

/** The card as a node, with `values()` for what is filled in and `foot` for the buttons at its bottom. */
export function drawCard(content, act, key = "card") {
  const drawing = new Drawing(act, key);
  const node = h("div", { class: "ac" }, (content.body || []).map((part) => element(part, drawing)));
  const foot = (content.actions || []).map((action, number) => actionButton(action, drawing, number));
  return { node, foot, values: () => drawing.values() };
}

export function cardWithFoot(content, act, key) {
  const { node, foot } = drawCard(content, act, key);
  return foot.length ? add(node, [h("div", { class: "actions" }, foot)]) : node;
}
