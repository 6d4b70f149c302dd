/* "Are you sure?", as a small dialog of its own. */
import { add, focusPlace, freshId, h, restoreFocus } from "../dom.js";
import { textBlock, textInline } from "../text.js";

/** Shows a dialog; answers true only when the person agrees. The keyboard goes back to where it was. */
export function ask({ title, body, yes, no, danger = false }) {
  const opener = document.activeElement;
  const place = focusPlace(document.body);
  const titleId = freshId("ask");
  const bodyId = freshId("ask");
  return new Promise((done) => {
    const box = h("dialog", { class: "modal small", "aria-labelledby": titleId, "aria-describedby": bodyId });
    const close = (answer) => {
      box.close();
      box.remove();
      if (opener?.isConnected) opener.focus({ preventScroll: true });
      else restoreFocus(document.body, place);
      done(answer);
    };
    box.addEventListener("cancel", (event) => event.preventDefault());
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close(false);
    });
    const deny = h("button", { type: "button", class: "btn", on: { click: () => close(false) } }, no);
    const agree = h("button", { type: "button", class: danger ? "btn danger" : "btn primary", on: { click: () => close(true) } }, yes);
    add(box, [
      h("div", { class: "modal-head" }, h("h2", { id: titleId, dir: "auto" }, title)),
      h("div", { class: "modal-body", id: bodyId }, body),
      h("div", { class: "modal-foot" }, h("div", { class: "buttons" }, deny, agree)),
    ]);
    document.body.append(box);
    box.showModal();
    (danger ? deny : agree).focus();
  });
}

/** A Block Kit confirm object. */
export function askFirst(confirm) {
  return ask({
    title: textInline(confirm.title),
    body: textBlock(confirm.text),
    yes: textInline(confirm.confirm),
    no: textInline(confirm.deny),
    danger: confirm.style === "danger",
  });
}
