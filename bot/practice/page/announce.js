/* What a screen reader hears, and the notices everyone sees. */
import { byId, h } from "./dom.js";

/** The region that is heard: while a form is open, what lies outside it is silent. */
const spoken = (how) => document.querySelector(`dialog[open] [data-say=${how}]`) || byId(`say-${how}`);

let queue = [];
let timer = 0;

/** Said when the reader pauses; several in a burst become one. */
export function sayPolitely(sentence) {
  if (!sentence) return;
  queue.push(sentence);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const last = queue.slice(-3);
    const more = queue.length - last.length;
    spoken("polite").textContent = (more > 0 ? `${more} more messages. ` : "") + last.join(". ");
    queue = [];
  }, 350);
}

/** A sentence everyone must notice: spoken at once and shown until it is closed. */
export function notice(sentence) {
  if (!sentence) return;
  const root = (document.querySelector("dialog[open] .modal-notices")) || byId("notices");
  for (const old of [...root.children]) if (old.dataset.text === sentence || root.children.length > 2) old.remove();
  const line = h("div", { class: "notice", data: { text: sentence } },
    h("p", {}, h("strong", {}, "Please note: "), h("span", { dir: "auto" }, sentence)),
    h("button", { type: "button", class: "plain", on: { click: () => line.remove() } }, "Close this notice"));
  root.append(line);
  const loud = spoken("now");
  loud.textContent = "";
  requestAnimationFrame(() => {
    loud.textContent = sentence;
  });
}

export function clearNotices() {
  byId("notices").replaceChildren();
}
