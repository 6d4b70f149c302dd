/* One select for all of Slack's: type to narrow, arrows and Enter to choose, several kept as removable chips. */
import { fill, floatUnder, freshId, h } from "../dom.js";
import { sayPolitely } from "../announce.js";

/**
 * options(query) answers [{label?, options: [{key, face, words, note}]}], perhaps later.
 * chosen: the choices now. changed(list) is told the new ones.
 */
export function combobox({ id, name, labelledBy, describedBy, required, focusKey, placeholder, multi, max, clearable, chosen, options, minimum = 0, changed }) {
  const listId = freshId("list");
  let picked = [...chosen];
  let shown = [];
  let at = -1;
  let wanted = 0;

  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", dir: "auto",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, "aria-label": labelledBy ? null : name,
    "aria-labelledby": labelledBy, "aria-describedby": describedBy, "aria-required": required ? "true" : null,
    placeholder, data: { fk: focusKey },
  });
  const list = h("div", { id: listId, role: "listbox", class: "listbox", "aria-label": name || "Choices", popover: "manual" });
  if (multi) list.setAttribute("aria-multiselectable", "true");
  const chips = h("ul", { class: "chips", "aria-label": "Chosen", hidden: true });
  const clear = clearable && !multi
    ? h("button", { type: "button", class: "plain clear", on: { click: () => { choose(null); input.focus(); } } }, "Clear")
    : null;
  const root = h("div", { class: "combo" }, multi ? chips : null, h("div", { class: "combo-line" }, input, clear), list);

  const isOpen = () => input.getAttribute("aria-expanded") === "true";
  const has = (option) => picked.some((one) => one.key === option.key);

  function drawPicked() {
    if (multi) {
      fill(chips, picked.map((option) => h("li", { class: "chip" }, h("span", { dir: "auto" }, option.face()),
        h("button", { type: "button", class: "plain", "aria-label": `Remove ${option.words}`, on: { click: () => { choose(option); input.focus(); } } }, "×"))));
      chips.hidden = picked.length === 0;
    } else {
      input.value = picked[0]?.words || "";
      if (clear) clear.hidden = picked.length === 0;
    }
  }

  function choose(option) {
    if (multi) {
      if (!has(option) && max && picked.length >= max) {
        sayPolitely(`You can choose ${max} at most.`);
        return;
      }
      picked = has(option) ? picked.filter((one) => one.key !== option.key) : [...picked, option];
      input.value = "";
      sayPolitely(`${option.words} ${has(option) ? "added" : "removed"}.`);
    } else {
      const same = option && picked[0]?.key === option.key;
      picked = option ? [option] : [];
      if (same) {
        close();
        return;
      }
    }
    drawPicked();
    close();
    changed(picked);
  }

  function mark(index) {
    at = index;
    const nodes = [...list.querySelectorAll("[role=option]")];
    nodes.forEach((node, place) => node.classList.toggle("at", place === at));
    if (nodes[at]) {
      input.setAttribute("aria-activedescendant", nodes[at].id);
      nodes[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function draw(groups) {
    shown = groups.flatMap((group) => group.options);
    const row = (option) => h("div", {
      role: "option", id: freshId("opt"), class: "option", "aria-selected": has(option) ? "true" : "false", dir: "auto",
      on: {
        mousedown: (event) => event.preventDefault(),
        click: () => choose(option),
      },
    }, h("span", {}, option.face()), option.note ? h("span", { class: "option-note" }, option.note) : null,
      has(option) ? h("span", { class: "option-note" }, "chosen") : null);
    fill(list, groups.map((group) => group.label
      ? h("div", { role: "group", "aria-label": group.label }, h("div", { class: "group-label", "aria-hidden": "true" }, group.label), group.options.map(row))
      : group.options.map(row)));
    if (!shown.length) list.append(h("div", { class: "option-note pad" }, "Nothing found."));
    mark(shown.length ? Math.max(0, shown.findIndex((option) => !multi && has(option))) : -1);
    if (isOpen()) floatUnder(input, list, { sameWidth: true });
  }

  async function open(query) {
    if (!isOpen()) {
      input.setAttribute("aria-expanded", "true");
      input.scrollIntoView({ block: "nearest" });
      list.showPopover();
      document.addEventListener("scroll", follow, true);
    }
    const turn = (wanted += 1);
    if (query.length < minimum) {
      shown = [];
      fill(list, h("div", { class: "option-note pad" }, `Type ${minimum} letters or more to search.`));
      floatUnder(input, list, { sameWidth: true });
      return;
    }
    const found = options(query);
    if (found instanceof Promise) {
      shown = [];
      fill(list, h("div", { class: "option-note pad" }, "Looking …"));
      floatUnder(input, list, { sameWidth: true });
    }
    let groups = [];
    try {
      groups = await found;
    } catch (refused) {
      if (turn === wanted && isOpen()) fill(list, h("div", { class: "option-note pad", role: "alert" }, refused.message));
      return;
    }
    if (turn !== wanted || !isOpen()) return;
    draw(groups);
    if (query) sayPolitely(shown.length === 1 ? "1 choice." : `${shown.length} choices.`);
  }

  function close() {
    if (!isOpen()) return;
    wanted += 1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    list.hidePopover();
    document.removeEventListener("scroll", follow, true);
    if (!multi) input.value = picked[0]?.words || "";
  }

  function follow(event) {
    if (!input.isConnected) document.removeEventListener("scroll", follow, true);
    else if (!list.contains(event.target)) floatUnder(input, list, { sameWidth: true });
  }

  input.addEventListener("click", () => (isOpen() ? null : open("")));
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("focus", () => { if (!multi) input.select(); });
  input.addEventListener("blur", () => { close(); if (multi) input.value = ""; });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen()) open("");
      else if (shown.length) mark((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen() && shown[at]) choose(shown[at]);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && multi && !input.value && picked.length) {
      choose(picked[picked.length - 1]);
    }
  });
  drawPicked();
  return { node: root, focus: input };
}

/** Groups narrowed to what was typed; the words may stand anywhere. */
export function narrowed(groups, query) {
  const wanted = query.trim().toLowerCase();
  return groups
    .map((group) => ({ ...group, options: group.options.filter((option) => `${option.words} ${option.note || ""}`.toLowerCase().includes(wanted)) }))
    .filter((group) => group.options.length);
}
