/* Forms: a stack of at most three, the last one visible, in one dialog. */
import { add, byId, fill, focusPlace, freshId, h, keyedNode, restoreFocus } from "../dom.js";
import { post } from "../api.js";
import { blockNodes } from "../drawing/blocks.js";
import { store } from "../store.js";
import { Surface } from "../surface.js";
import { letters } from "../text.js";
import { refusals } from "./validate.js";
import { plainWords } from "../words.js";

const NO_ANSWER = "The app did not answer. What you typed is still here; please try again.";

let stack = [];
let drawn = ""; // id and hash of the visible view
let opener = null;
let sending = false;
const kept = new Map(); // view id -> {surface, place}

const dialog = () => byId("modal");
const top = () => stack[stack.length - 1];

/** Shows what the server says this person has open. */
export function setStack(views) {
  const before = top();
  if (before && kept.has(before.id)) kept.get(before.id).place = focusPlace(dialog()) || kept.get(before.id).place;
  stack = views || [];
  for (const id of kept.keys()) if (!stack.some((view) => view.id === id)) kept.delete(id);
  if (!stack.length) {
    shut();
    return;
  }
  const view = top();
  if (dialog().open && drawn === `${view.id} ${view.hash} ${stack.length}`) return;
  const first = !dialog().open;
  if (first) {
    const active = document.activeElement;
    opener = { node: active === document.body ? null : active, key: active?.closest?.("[data-fk]")?.dataset.fk, ts: active?.closest?.("[data-ts]")?.dataset.ts };
    dialog().showModal();
  }
  draw(view, before?.id === view.id && !first);
}

/** Closes without telling the app: the seat has changed. */
export function forgetModals() {
  stack = [];
  kept.clear();
  shut();
}

function shut() {
  drawn = "";
  sending = false;
  if (!dialog().open) return;
  dialog().close();
  dialog().replaceChildren();
  giveFocusBack();
}

function giveFocusBack() {
  const { node, key, ts } = opener || {};
  opener = null;
  const byKey = key && keyedNode(document.body, key);
  const byTs = ts && [...document.querySelectorAll("[data-ts]")].find((one) => one.dataset.ts === ts);
  const target = (node?.isConnected && node !== document.body && node) || byKey || byTs || document.querySelector("#compose-channel textarea") || byId("main");
  target.focus({ preventScroll: true });
}

function draw(view, same) {
  const place = same ? focusPlace(dialog()) : kept.get(view.id)?.place;
  const scrolled = same ? dialog().querySelector(".modal-body")?.scrollTop || 0 : 0;
  if (!kept.has(view.id)) kept.set(view.id, { surface: new Surface(`view:${view.id}`, { type: "view", view_id: view.id }), place: null });
  const { surface } = kept.get(view.id);
  const blocks = blockNodes(view.blocks, surface, view.state?.values);
  const titleId = freshId("title");
  const closing = plainWords(view.close) || (stack.length > 1 ? "Back" : view.submit ? "Cancel" : "Close");
  const submit = view.submit
    ? h("button", { type: "submit", class: "btn primary", data: { fk: `${view.id}|submit` } }, letters(plainWords(view.submit)))
    : null;
  const problem = h("p", { class: "problem", role: "alert" });
  const form = h("form", { class: "modal-form", novalidate: true },
    h("div", { class: "modal-head" },
      h("h2", { id: titleId, tabindex: "-1", dir: "auto" }, letters(plainWords(view.title))),
      stack.length > 1 ? h("p", { class: "hint" }, `Step ${stack.length} of the forms you have open`) : null,
      h("button", {
        type: "button", class: "plain close", "aria-label": stack.length > 1 ? "Close all forms" : "Close the form", data: { fk: `${view.id}|close` },
        on: { click: () => leave(view, true) },
      }, stack.length > 1 ? "Close all" : "×")),
    h("div", { class: "modal-notices" }),
    h("div", { class: "unseen", "aria-live": "polite", data: { say: "polite" } }),
    h("div", { class: "unseen", role: "alert", data: { say: "now" } }),
    h("div", { class: "modal-body", tabindex: "-1" }, blocks),
    h("div", { class: "modal-foot" },
      problem,
      h("p", { class: "modal-practice" }, "Practice workspace – nobody here is real"),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "btn", data: { fk: `${view.id}|cancel` }, on: { click: () => leave(view, false) } }, letters(closing)), submit)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit) send(view, surface, submit, problem);
  });
  fill(dialog(), form);
  dialog().setAttribute("aria-labelledby", titleId);
  drawn = `${view.id} ${view.hash} ${stack.length}`;
  dialog().querySelector(".modal-body").scrollTop = scrolled;
  if (!restoreFocus(dialog(), place)) firstPlace(view, surface).focus();
}

function firstPlace(view, surface) {
  const asked = surface.fields.find((field) => field.block.element.focus_on_load);
  const field = asked || surface.fields.find((one) => one.focus && !one.focus.disabled);
  return field?.focus || dialog().querySelector("h2");
}

function showErrors(surface, errors, problem) {
  let first = null;
  let count = 0;
  for (const field of surface.fields) {
    const sentence = errors[field.block.block_id] || "";
    field.show(sentence);
    if (sentence) count += 1;
    if (sentence && !first) first = field;
  }
  problem.textContent = count === 0 ? Object.values(errors).join(" ") : count === 1 ? "One answer needs another look." : `${count} answers need another look.`;
  if (first) {
    first.focus?.focus();
    first.root.scrollIntoView({ block: "nearest" });
  }
}

async function send(view, surface, submit, problem) {
  if (sending) return;
  const wrong = refusals(view.blocks, surface.values);
  if (Object.keys(wrong).length) {
    showErrors(surface, wrong, problem);
    return;
  }
  const words = [...submit.childNodes];
  sending = true;
  problem.textContent = "";
  for (const field of surface.fields) field.show("");
  submit.setAttribute("aria-busy", "true");
  submit.setAttribute("aria-disabled", "true");
  fill(submit, "Sending …");
  try {
    const reply = await post("submit", { user: store.seat, view_id: view.id, values: surface.values });
    if (reply.errors && Object.keys(reply.errors).length) showErrors(surface, reply.errors, problem);
    else if (reply.ok === false) problem.textContent = reply.message || NO_ANSWER;
    else if (reply.stack) setStack(reply.stack);
  } catch (refused) {
    problem.textContent = refused.code === "unreachable" ? NO_ANSWER : refused.message || NO_ANSWER;
  } finally {
    sending = false;
    submit.removeAttribute("aria-busy");
    submit.removeAttribute("aria-disabled");
    submit.replaceChildren();
    add(submit, words);
  }
}

async function leave(view, cleared) {
  const rest = cleared || view.clear_on_close ? [] : stack.slice(0, -1);
  try {
    const reply = await post("close", { user: store.seat, view_id: view.id, cleared });
    if (reply.stack) setStack(reply.stack);
    else if (top()?.id === view.id) setStack(rest);
  } catch (refused) {
    const problem = dialog().querySelector(".problem");
    if (problem) problem.textContent = refused.message;
  }
}

export function watchDialog() {
  dialog().addEventListener("cancel", (event) => event.preventDefault());
  dialog().addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !stack.length) return;
    event.preventDefault();
    leave(top(), false);
  });
}
