/* What a council can try: Teams being busy, forgetful or away. Folded away until asked for. */
import { byId, fill, h } from "../dom.js";
import { notice, sayPolitely } from "../announce.js";
import { post } from "../api.js";
import { store } from "../store.js";

const KINDS = [
  ["busy", "Refuse the next 3 messages as “too many requests”", 3, "The next 3 messages are refused; Teams asks the app to wait 5 seconds."],
  ["lost", "Do the work, lose the next answer", 1, "The next message arrives, and its answer gets lost on the way."],
  ["down", "Take nothing for the next 20 calls", 20, "Teams takes nothing for the next 20 calls."],
];

async function set(kind, times, done) {
  try {
    await post("faults", { user: store.seat, kind, times });
    byId("trouble-said").textContent = done;
    sayPolitely(done);
  } catch (refused) {
    notice(refused.message);
  }
}

export function drawTrouble() {
  const button = (words, click, name) => h("button", { type: "button", class: "btn", data: { fk: `trouble|${name}` }, on: { click } }, words);
  fill(byId("trouble-panel"),
    h("h2", {}, "Trouble to practise with"),
    h("p", { class: "hint" }, "Nothing may be lost, and nothing may come twice in a channel, whatever you switch on here."),
    h("div", { class: "buttons left" }, KINDS.map(([kind, words, times, done]) => button(words, () => set(kind, times, done), kind)),
      button("End all trouble", () => set("", 0, "All trouble is switched off."), "end")),
    h("p", { id: "trouble-said", class: "hint said" }));
}
