/* The guided first meeting: one step at a time over the desk, with "Do it for me", left and taken up at will. */
import { byId, fill, focusPlace, h, merged, restoreFocus } from "../dom.js";
import { notice, sayPolitely } from "../announce.js";
import { get, post } from "../api.js";
import { store } from "../store.js";

let shown = null; // what the server said last
let open = null; // (place, thread) => opens it on the page
let busy = false;
let heardStep = "";

const place = () => ({ user: store.seat, place: store.place, thread: store.thread });

/** Asks where the seat is in its guide; draws it when that changed. */
export const refreshGuide = merged(async () => {
  const seat = store.seat;
  if (!seat || busy) return;
  const { guide } = await get("guide", place());
  if (seat === store.seat) take(guide);
});

function take(guide) {
  const same = JSON.stringify(guide) === JSON.stringify(shown);
  shown = guide;
  if (!same) draw();
}

async function press(act) {
  if (busy) return;
  busy = true;
  draw();
  try {
    const { guide, go } = await post("guide", { ...place(), act });
    busy = false;
    take(guide);
    if (act === "do" && go && (go.place !== store.place || go.thread !== store.thread)) await open(go.place, go.thread);
  } catch (refused) {
    notice(refused.message);
  } finally {
    busy = false;
    draw();
    refreshGuide().catch(() => {});
  }
}

const button = (words, act, kind = "btn") => h("button", {
  type: "button", class: kind, "aria-disabled": busy ? "true" : null, data: { fk: `guide|${act}` }, on: { click: () => press(act) },
}, words);

function steps() {
  return h("details", { class: "guide-steps" }, h("summary", { data: { fk: "guide|steps" } }, "All steps"),
    h("ol", {}, shown.steps.map((one, number) => h("li", { "aria-current": number + 1 === shown.number && !shown.finished ? "step" : null }, one.title, one.done ? " (done)" : ""))));
}

function away() {
  const { step } = shown;
  const here = !step.place || (step.place === store.place && (!step.thread || step.thread === store.thread));
  if (here || step.id === "thread") return null;
  return h("button", { type: "button", class: "btn", data: { fk: "guide|there" }, on: { click: () => open(step.place, step.thread) } }, "Take me there");
}

function stepNodes() {
  const { step } = shown;
  const label = busy ? "Doing it ..." : step.by ? `Let ${step.by} do it` : "Do it for me";
  return [
    h("div", { class: "guide-words" },
      h("h2", { id: "guide-title", tabindex: "-1" }, `${shown.title}: step ${shown.number} of ${shown.of}. ${step.title}`),
      h("p", { dir: "auto" }, step.say)),
    h("div", { class: "guide-tools" },
      step.can_do ? button(label, "do", "btn primary") : null,
      step.ends_by_itself ? null : button("Next", "next", step.can_do ? "btn" : "btn primary"),
      away(),
      step.ends_by_itself ? button("Skip", "next", "plain") : null,
      button("Leave the guide", "leave", "plain"),
      steps()),
  ];
}

function endNodes() {
  return [
    h("div", { class: "guide-words" }, h("h2", { id: "guide-title", tabindex: "-1" }, `${shown.title}: done`), h("p", { dir: "auto" }, shown.end)),
    h("div", { class: "guide-tools" }, button("Start again", "again"), button("Close the guide", "leave", "plain")),
  ];
}

function draw() {
  const root = byId("guide");
  const keep = focusPlace(root);
  const taking = byId("guide-button");
  taking.hidden = !shown?.left;
  root.hidden = !shown || shown.left;
  if (root.hidden) {
    fill(root);
    if (keep && !taking.hidden) taking.focus();
    return;
  }
  const wasOpen = root.querySelector(".guide-steps")?.open;
  fill(root, shown.finished ? endNodes() : stepNodes());
  const list = root.querySelector(".guide-steps");
  if (list && wasOpen) list.open = true;
  if (keep && !restoreFocus(root, keep)) byId("guide-title").focus({ preventScroll: true });
  const heard = shown.finished ? "done" : shown.step.id;
  if (heardStep && heardStep !== heard) sayPolitely(shown.finished ? shown.end : `Next step: ${shown.step.title}. ${shown.step.say}`);
  heardStep = heard;
}

/** A new seat begins with its own guide. */
export function forgetGuide() {
  shown = null;
  heardStep = "";
  draw();
}

export function watchGuide(openPlace) {
  open = openPlace;
  byId("guide-button").addEventListener("click", () => press("take_up"));
}
