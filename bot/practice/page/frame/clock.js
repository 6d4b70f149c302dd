/* The panel that shows and moves the unit's clock. */
import { byId, fill, focusPlace, freshId, h, restoreFocus } from "../dom.js";
import { notice, sayPolitely } from "../announce.js";
import { post } from "../api.js";
import { store } from "../store.js";
import { forBox, fromBox, inShort, inWords, nextWeekday, plusDays } from "../time.js";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

let base = null; // {unit: Date of the unit's clock, at: performance.now() when it was told}

const zone = () => store.state?.workspace.timezone || "Europe/London";
const now = () => new Date(base.unit.getTime() + performance.now() - base.at);
const offset = () => store.state?.workspace.clock?.offset_seconds || 0;

export function takeClock() {
  const clock = store.state.workspace.clock;
  base = { unit: new Date(clock.now_iso), at: performance.now() };
  tick();
}

function tick() {
  if (!base) return;
  const words = byId("clock-words");
  const short = inShort(now(), zone()) + (Math.abs(offset()) > 30 ? " (moved)" : "");
  if (words.textContent !== short) words.textContent = short;
  const long = byId("clock-long");
  if (long) long.textContent = inWords(now(), zone());
}

async function move(to) {
  const seconds = to === null ? 0 : Math.round(offset() + (to.getTime() - now().getTime()) / 1000);
  try {
    await post("clock", { offset_seconds: seconds });
    store.state.workspace.clock.offset_seconds = seconds;
    base = { unit: to || new Date(), at: performance.now() };
    draw();
    tick();
    sayPolitely(`The unit's clock now shows ${inWords(now(), zone())}.`);
  } catch (refused) {
    notice(refused.message);
  }
}

function draw() {
  const panel = byId("clock-panel");
  const place = focusPlace(panel);
  const button = (words, to) => h("button", { type: "button", class: "btn", data: { fk: `clock|${words}` }, on: { click: () => move(to()) } }, words);
  const boxId = freshId("set");
  const dayId = freshId("day");
  const box = h("input", { type: "datetime-local", id: boxId, class: "field-box", value: forBox(now(), zone()), data: { fk: "clock|box" } });
  const day = h("select", { id: dayId, class: "field-box", data: { fk: "clock|day" } }, [1, 2, 3, 4, 5, 6, 0].map((one) => h("option", { value: String(one) }, DAYS[one])));
  fill(panel,
    h("h2", {}, "The unit's clock"),
    h("p", { id: "clock-long", class: "clock-long" }, inWords(now(), zone())),
    h("p", { class: "hint" }, "Move it to see what falls due. Meetings, dates and reminders follow it; message times do not."),
    h("div", { class: "buttons left" },
      button("+ 15 minutes", () => new Date(now().getTime() + 900_000)),
      button("+ 1 hour", () => new Date(now().getTime() + 3_600_000)),
      button("+ 1 day", () => plusDays(now(), 1, zone())),
      button("+ 1 week", () => plusDays(now(), 7, zone()))),
    h("div", { class: "line" }, h("label", { for: dayId }, "Next"), day,
      h("button", { type: "button", class: "btn", data: { fk: "clock|next" }, on: { click: () => move(nextWeekday(now(), Number(day.value), 9, 0, zone())) } }, "Go to 9:00 that day")),
    h("div", { class: "line" }, h("label", { for: boxId }, "Set to"), box,
      h("button", {
        type: "button", class: "btn", data: { fk: "clock|set" },
        on: {
          click: () => {
            const to = fromBox(box.value, zone());
            if (to) move(to);
            else notice("That is not a date and time. Nothing was moved.");
          },
        },
      }, "Set")),
    h("div", { class: "buttons left" }, h("button", { type: "button", class: "btn", data: { fk: "clock|back" }, on: { click: () => move(null) } }, "Back to the real time")));
  restoreFocus(panel, place);
}

export const drawClock = draw;

export function watchClock() {
  setInterval(tick, 5000);
}
