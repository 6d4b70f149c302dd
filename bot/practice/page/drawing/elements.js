/* Block Kit elements. Each answers {node, focus, group}: what to draw, where the keyboard goes, whether a label can point at it. */
import { freshId, h } from "../dom.js";
import { menuButton } from "../windows/menu.js";
import { selects } from "./selects.js";
import { letters, textInline } from "../text.js";
import { plainWords, safeImage } from "../words.js";

/*
 * `use` says how an element stands in the page:
 *   input: inside an input block (its changes are sent only when the block says dispatch_action)
 *   labelledBy / describedBy: ids; required; dispatch: whether changes are sent
 */
export function element(item, block, surface, use = {}) {
  const draw = DRAW[item.type] || selects[item.type];
  return draw ? draw(item, block, surface, use) : null;
}

function name(item, use) {
  if (use.labelledBy) return { "aria-labelledby": use.labelledBy };
  return { "aria-label": plainWords(item.placeholder) || use.name || item.action_id.replaceAll("_", " ") };
}

function marks(use) {
  return { "aria-describedby": use.describedBy || null, "aria-required": use.required ? "true" : null };
}

function button(item, block, surface) {
  const node = h("button", {
    type: "button", class: `btn ${item.style || ""}`.trim(), "aria-label": item.accessibility_label, dir: "auto",
    data: { fk: surface.focusKey(block, item) },
    on: {
      click: () => {
        if (item.url && /^https?:/i.test(item.url)) window.open(item.url, "_blank", "noopener");
        surface.press(block, item, { text: item.text, ...(item.value === undefined ? {} : { value: item.value }) }, node);
      },
    },
  }, textInline(item.text));
  return { node, focus: node };
}

function overflow(item, block, surface) {
  const node = menuButton({
    label: "More choices",
    face: "•••",
    className: "btn overflow",
    focusKey: surface.focusKey(block, item),
    items: () => item.options.map((option) => ({
      label: textInline(option.text),
      choose: () => {
        if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener");
        surface.press(block, item, { selected_option: option });
      },
    })),
  });
  return { node, focus: node };
}

/** Sends a change now; on "no" in its confirm the answer is kept but not sent, as the person may press again. */
function changed(item, block, surface, use, answer, source) {
  surface.keep(block, item, answer);
  if (use.dispatch) surface.press(block, item, answer, source);
}

function choices(item, block, surface, use) {
  const many = item.type === "checkboxes";
  const initial = many ? { selected_options: item.initial_options || [] } : { selected_option: item.initial_option || null };
  const answer = surface.start(block, item, initial);
  const on = new Set((many ? answer.selected_options : [answer.selected_option]).filter(Boolean).map((option) => option.value));
  const group = freshId("choice");
  const root = h("div", { class: "choices", role: many ? "group" : "radiogroup", ...name(item, use), ...marks(use) });
  if (many) root.removeAttribute("aria-required");
  const boxes = item.options.map((option, place) => {
    const note = option.description ? freshId("note") : null;
    const box = h("input", {
      type: many ? "checkbox" : "radio", name: group, checked: on.has(option.value), "aria-describedby": note,
      data: { fk: `${surface.focusKey(block, item)}|${place}` },
      on: {
        change: () => {
          const chosen = item.options.filter((_, index) => boxes[index].checked);
          changed(item, block, surface, use, many ? { selected_options: chosen } : { selected_option: chosen[0] || null }, box);
        },
      },
    });
    root.append(h("label", { class: "choice" }, box, h("span", {}, h("span", { dir: "auto" }, textInline(option.text)),
      option.description ? h("span", { id: note, class: "hint", dir: "auto" }, textInline(option.description)) : null)));
    return box;
  });
  return { node: root, focus: boxes[0], group: true };
}

const DATE_WORDS = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

function dateInWords(value) {
  const day = new Date(`${value}T00:00:00Z`);
  return value && !Number.isNaN(day.getTime()) ? day.toLocaleDateString("en-GB", DATE_WORDS).replace(",", "") : "";
}

/** Date and time boxes. Typing sends when the box is left or Enter pressed; picking with a pointer sends at once. */
function timed(type, field, read, write, words) {
  return (item, block, surface, use) => {
    const initial = item[`initial_${field.replace("selected_", "")}`];
    const answer = surface.start(block, item, { [field]: initial ?? null });
    const note = h("span", { class: "hint inline", id: freshId("words") }, words(write(answer[field])));
    const box = h("input", {
      type, id: use.id, class: "field-box", value: write(answer[field]), ...name(item, use), ...marks(use),
      data: { fk: surface.focusKey(block, item) },
    });
    box.setAttribute("aria-describedby", [use.describedBy, note.id].filter(Boolean).join(" "));
    let sent = box.value;
    let typing = false;
    const send = () => {
      if (box.value === sent) return;
      sent = box.value;
      changed(item, block, surface, use, { [field]: read(box.value) }, box);
    };
    box.addEventListener("input", () => {
      note.textContent = words(box.value);
      surface.keep(block, item, { [field]: read(box.value) });
    });
    box.addEventListener("keydown", (event) => {
      typing = true;
      if (event.key === "Enter" && use.dispatch) {
        event.preventDefault();
        send();
      }
    });
    box.addEventListener("pointerdown", () => { typing = false; });
    box.addEventListener("change", () => { if (!typing) send(); });
    box.addEventListener("blur", send);
    return { node: h("span", { class: "timed" }, box, note), focus: box };
  };
}

const two = (number) => String(number).padStart(2, "0");

function localFromEpoch(seconds) {
  if (!seconds) return "";
  const at = new Date(seconds * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const datepicker = timed("date", "selected_date", (text) => text || null, (value) => value || "", dateInWords);
const timepicker = timed("time", "selected_time", (text) => text || null, (value) => value || "", () => "");
const datetimepicker = timed("datetime-local", "selected_date_time",
  (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null), localFromEpoch, (value) => dateInWords(value.slice(0, 10)));

function typed(type, mode) {
  return (item, block, surface, use) => {
    const answer = surface.start(block, item, { value: item.initial_value || null });
    const long = item.type === "plain_text_input" && item.multiline;
    const left = item.max_length ? h("span", { class: "hint inline", id: freshId("left") }) : null;
    const box = h(long ? "textarea" : "input", {
      type: long ? null : type, id: use.id, inputmode: mode, rows: long ? "4" : null, class: "field-box", dir: "auto",
      placeholder: plainWords(item.placeholder) || null, autocomplete: "off",
      value: answer.value || "", ...name(item, use), ...marks(use), data: { fk: surface.focusKey(block, item) },
    });
    const read = () => (box.value === "" ? null : box.value.replaceAll("\r\n", "\n"));
    const count = () => {
      if (!left) return;
      const room = item.max_length - [...box.value].length;
      left.textContent = room < 0 ? `${-room} characters too many` : room <= 100 ? `${room} characters left` : "";
    };
    const triggers = item.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
    box.addEventListener("input", () => {
      surface.keep(block, item, { value: read() });
      count();
      if (use.dispatch && triggers.includes("on_character_entered")) surface.press(block, item, { value: read() });
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !use.dispatch || !triggers.includes("on_enter_pressed") || (long && event.shiftKey)) return;
      event.preventDefault();
      surface.press(block, item, { value: read() });
    });
    count();
    if (left) box.setAttribute("aria-describedby", [use.describedBy, left.id].filter(Boolean).join(" "));
    return { node: left ? h("span", { class: "typed" }, box, left) : box, focus: box };
  };
}

function fileInput(item, block, surface, use) {
  surface.start(block, item, {});
  const box = h("input", { type: "file", id: use.id, disabled: true, ...name(item, use) });
  return { node: h("span", {}, box, h("span", { class: "hint" }, "Files cannot be added in the practice workspace.")), focus: box };
}

function image(item) {
  return { node: picture(item), focus: null };
}

/** A picture of our own server is drawn; one from elsewhere is described, so practice reaches nothing outside. */
export function picture(item, className = "thumb") {
  const address = safeImage(item.image_url || "");
  if (address) return h("img", { src: address, alt: item.alt_text || "", class: className });
  return h("span", { class: "no-image" }, "Picture: ", letters(item.alt_text || "no description"));
}

function workflow(item, block, surface) {
  return button(item, block, surface);
}

const plainTyped = typed("text", null);

const DRAW = {
  button, overflow, image,
  workflow_button: workflow,
  icon_button: workflow,
  checkboxes: choices,
  radio_buttons: choices,
  datepicker, timepicker, datetimepicker,
  plain_text_input: plainTyped,
  email_text_input: typed("text", "email"),
  url_text_input: typed("text", "url"),
  number_input: typed("text", "decimal"),
  file_input: fileInput,
};

