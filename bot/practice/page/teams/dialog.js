/* The dialog of a form or of words: one at a time, drawn again in its place, closed without telling anybody, as in Teams. */
import { byId, fill, h, restoreFocus, focusPlace } from "../dom.js";
import { sayPolitely } from "../announce.js";
import { drawCard } from "./card.js";

let opener = null;
let submit = null;

/** send(action, values) answers what the bot said to a dialog that was handed in. */
export function watchDialogs(send) {
  submit = send;
  const box = byId("modal");
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    closeDialog();
  });
}

export function closeDialog() {
  const box = byId("modal");
  if (!box.open) return;
  box.close();
  fill(box);
  if (opener?.node?.isConnected) opener.node.focus({ preventScroll: true });
  else restoreFocus(document.body, opener);
  opener = null;
}

/** Shows the value of a task: {title, card}. `where`: what it belongs to, handed back with what is sent. */
export function showDialog(value, where) {
  const box = byId("modal");
  const again = box.open;
  if (!again) opener = { node: document.activeElement, ...(focusPlace(document.body) || {}) };
  const content = value.card.content;
  const drawn = drawCard(content, (action, values) => submit(action, values, where), "dialog");
  const body = h("div", { class: "modal-body", tabindex: "-1" }, drawn.node);
  const close = h("button", { type: "button", class: "btn", on: { click: closeDialog } }, "Close");
  fill(box,
    h("div", { class: "modal-head" }, h("h2", { id: "modal-title", tabindex: "-1", dir: "auto" }, value.title), close),
    h("div", { class: "modal-notices" }),
    body,
    drawn.foot.length ? h("div", { class: "modal-foot" }, h("div", { class: "buttons" }, drawn.foot)) : null,
    h("div", { class: "unseen", "aria-live": "polite", data: { say: "polite" } }),
    h("div", { class: "unseen", role: "alert", data: { say: "now" } }));
  box.setAttribute("aria-labelledby", "modal-title");
  if (!again) box.showModal();
  byId("modal-title").focus();
  const red = body.querySelector(".ac-color-attention");
  if (red) {
    red.scrollIntoView({ block: "nearest" });
    sayPolitely(red.textContent);
  }
}

let fading = 0;

/** A word from the app that asks for nothing: seen for some seconds, heard when the reader pauses. */
export function toast(words) {
  if (!words) return;
  const box = byId("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => {
    box.hidden = true;
  }, 5000);
  sayPolitely(words);
}
