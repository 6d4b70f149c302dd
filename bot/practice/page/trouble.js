/* What a council can try: Slack being busy, slow, forgetful or away. Folded away until asked for. */
import { byId, fill, focusPlace, freshId, h, restoreFocus } from "./dom.js";
import { notice, sayPolitely } from "./announce.js";
import { get, post } from "./api.js";
import { store } from "./store.js";

const METHODS = [["chat.postMessage", "new messages"], ["chat.update", "edits of messages"], ["views.open", "opening forms"], ["conversations.replies", "reading a thread"]];

async function tryOut(work, done) {
  try {
    await work();
    sayPolitely(done);
    byId("trouble-said").textContent = done;
  } catch (refused) {
    notice(refused.message);
  }
}

const faults = (what, done) => tryOut(() => post("faults", what), done);

function line(words, control, buttonWords, click) {
  return h("div", { class: "line three" }, control.id ? h("label", { for: control.id }, words) : h("span", {}, words), control,
    h("button", { type: "button", class: "btn", on: { click } , data: { fk: `trouble|${buttonWords}` } }, buttonWords));
}

function amount(value, most) {
  return h("input", { type: "number", id: freshId("n"), class: "field-box short", min: "1", max: String(most), value: String(value) });
}

/** The newest calls of the app, to see what trouble does to it. */
function callsSeen() {
  const list = h("ol", { class: "calls" });
  const look = async () => {
    try {
      const { calls } = await get("ledger");
      const newest = calls.slice(-12).reverse();
      fill(list, newest.length ? newest.map((call) => h("li", {}, h("code", {}, call.method), call.ok ? " – done" : ` – refused: ${call.error}`)) : h("li", {}, "No calls yet."));
    } catch (refused) {
      fill(list, h("li", {}, refused.message));
    }
  };
  const box = h("details", {}, h("summary", {}, "What the app asked of Slack lately"), list,
    h("button", { type: "button", class: "btn", on: { click: look } }, "Look again"));
  box.addEventListener("toggle", () => box.open && look());
  return box;
}

export function drawTrouble() {
  const panel = byId("trouble-panel");
  const place = focusPlace(panel);
  const method = h("select", { id: freshId("method"), class: "field-box" }, METHODS.map(([name, words]) => h("option", { value: name }, `${words} (${name})`)));
  const busy = amount(3, 50);
  const slow = amount(4, 60);
  const lost = amount(1, 20);
  const twice = amount(3, 20);
  const isDown = store.state.workspace.faults?.down === true;
  const down = h("input", { type: "checkbox", checked: isDown, data: { fk: "trouble|down" } });
  down.addEventListener("change", () => faults({ down: down.checked }, down.checked ? "Slack is down now, until you untick this." : "Slack is up again."));
  fill(panel,
    h("h2", {}, "Trouble to practise with"),
    h("p", { class: "hint" }, "Nothing may be lost or posted twice, whatever you switch on here."),
    h("div", { class: "line" }, h("label", { for: method.id }, "For"), method),
    line("Refuse as “too many requests”, next calls", busy, "Refuse", () =>
      faults({ ratelimit: { [method.value]: { count: Number(busy.value), retry_after: 5 } } }, `The next ${busy.value} calls are refused as too many requests (429); Slack asks the app to wait 5 seconds.`)),
    line("Answer late, by seconds", slow, "Slow down", () => faults({ slow: { [method.value]: Number(slow.value) } }, `Slack now takes ${slow.value} seconds to answer.`)),
    line("Do the work, lose the answer, times", lost, "Lose answers", () => faults({ drop_replies: { [method.value]: Number(lost.value) } }, `The next ${lost.value} answers get lost on the way.`)),
    line("Deliver every event again, times", twice, "Repeat events", () => faults({ redeliver_events: Number(twice.value) }, `Events are delivered ${twice.value} times more.`)),
    h("label", { class: "choice" }, down, h("span", {}, "Slack is down (refuses everything)")),
    h("div", { class: "buttons left" },
      h("button", { type: "button", class: "btn", data: { fk: "trouble|drop" }, on: { click: () => tryOut(() => post("disconnect", { reason: "warning" }), "The app's connection was closed. It should come back by itself.") } }, "Close the app's connection"),
      h("button", { type: "button", class: "btn", data: { fk: "trouble|end" }, on: { click: () => faults({ clear: true }, "All trouble is switched off.") } }, "End all trouble")),
    h("p", { id: "trouble-said", class: "hint said" }),
    callsSeen());
  restoreFocus(panel, place);
}
