/* The list over a message box: commands after "/", people after "@". */
import { fill, freshId, h } from "../dom.js";
import { sayPolitely } from "../announce.js";
import { commandsWorkIn, store, userName } from "../store.js";

function commandChoices(typed) {
  const found = typed.match(/^\/(\S*)$/);
  if (!found) return null;
  const wanted = found[1].toLowerCase();
  return store.state.commands
    .filter((one) => one.command.slice(1).toLowerCase().startsWith(wanted))
    .map((one) => ({ words: one.command, hint: one.usage_hint || "", note: one.description || "", insert: `${one.command} `, from: 0, exact: typed === one.command }));
}

function peopleChoices(typed) {
  const found = typed.match(/(?:^|[\s(])@([\p{L}\p{N}._-]{0,30})$/u);
  if (!found) return null;
  const wanted = found[1].toLowerCase();
  const members = store.channels.get(store.place)?.members || [];
  return members
    .map((id) => store.users.get(id))
    .filter((user) => user && !user.deleted && userName(user.id).toLowerCase().includes(wanted))
    .slice(0, 8)
    .map((user) => ({ words: userName(user.id), hint: "", note: user.title || "", insert: `@${userName(user.id)} `, from: typed.length - found[1].length - 1, person: user }));
}

/** Adds suggestions to a text box. key(event) answers whether the list used the key. */
export function suggestions(box, { commands, pickedPerson, inserted }) {
  const id = freshId("suggest");
  const list = h("div", { id, role: "listbox", class: "suggest", "aria-label": "Suggestions", hidden: true });
  let shown = [];
  let at = -1;

  function close() {
    list.hidden = true;
    shown = [];
    for (const name of ["role", "aria-expanded", "aria-controls", "aria-activedescendant", "aria-autocomplete"]) box.removeAttribute(name);
  }

  function mark(index) {
    at = index;
    const nodes = [...list.children];
    nodes.forEach((node, place) => {
      node.classList.toggle("at", place === at);
      node.setAttribute("aria-selected", place === at ? "true" : "false");
    });
    if (!nodes[at]) return;
    box.setAttribute("aria-activedescendant", nodes[at].id);
    nodes[at].scrollIntoView({ block: "nearest" });
  }

  function take(choice) {
    const after = box.value.slice(box.selectionEnd);
    const before = box.value.slice(0, choice.from) + choice.insert;
    box.value = before + after.replace(/^ /, "");
    box.setSelectionRange(before.length, before.length);
    if (choice.person) pickedPerson(choice.person);
    close();
    inserted();
    box.focus({ preventScroll: true });
  }

  function look() {
    const typed = box.value.slice(0, box.selectionEnd);
    const found = (commands && commandsWorkIn(store.place) && commandChoices(typed)) || peopleChoices(typed);
    if (!found?.length) {
      if (!list.hidden) close();
      return;
    }
    const same = !list.hidden && found.map((one) => one.words).join() === shown.map((one) => one.words).join();
    shown = found;
    if (same) return;
    fill(list, found.map((choice) => h("div", {
      role: "option", id: freshId("s"), class: "option", "aria-selected": "false",
      on: { mousedown: (event) => event.preventDefault(), click: () => take(choice) },
    }, h("span", {}, h("strong", { dir: "auto" }, choice.words), choice.hint ? h("span", { class: "usage" }, ` ${choice.hint}`) : null),
      choice.note ? h("span", { class: "option-note", dir: "auto" }, choice.note) : null)));
    list.hidden = false;
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "true");
    box.setAttribute("aria-controls", id);
    mark(0);
    sayPolitely(`${found.length} ${found.length === 1 ? "suggestion" : "suggestions"}. Arrow keys to move, Enter to take one.`);
  }

  function key(event) {
    if (list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((at + step + shown.length) % shown.length);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && shown[at]?.exact) return false;
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && shown[at]) take(shown[at]);
    else return false;
    event.preventDefault();
    return true;
  }

  box.addEventListener("input", look);
  box.addEventListener("blur", close);
  return { node: list, key, close };
}
