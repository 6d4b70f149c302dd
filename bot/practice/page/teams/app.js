/* Practice on Teams: a team with its channels, a chat with the bot, and whoever sits here. */
import { byId, fill, focusPlace, h, merged, restoreFocus } from "../dom.js";
import { clearNotices, notice, sayPolitely } from "../announce.js";
import { get, post } from "../api.js";
import { drawClock, takeClock, watchClock } from "../frame/clock.js";
import { forgetGuide, refreshGuide, watchGuide } from "../frame/guide.js";
import { hear, store } from "../store.js";
import { closeMenu } from "../windows/menu.js";
import { closeDialog, showDialog, toast, watchDialogs } from "./dialog.js";
import { drawPosts, forgetPosts, unfold } from "./posts.js";
import { drawTrouble } from "./trouble.js";

const quietly = (work) => work.catch((refused) => notice(refused.message));
const isChat = () => store.place === "chat";

function takeState(state) {
  store.state = state;
  store.users = new Map(state.users.map((user) => [user.id, user]));
}

const refresh = merged(async () => {
  const { seat, place } = store;
  const [state, shown] = await Promise.all([get("state", { user: seat }), get("posts", { user: seat, place })]);
  if (seat !== store.seat || place !== store.place) return;
  takeState(state);
  takeClock();
  drawNav();
  drawHead();
  drawPosts(byId("channel-list"), { posts: shown.posts, chat: isChat() }, press, say);
  quietly(refreshGuide());
});

// ---- what is done

/** What the bot answered to a press: a dialog, a word, or the card anew for this person alone. */
function take(answer, where) {
  if (answer.dialog) showDialog(answer.dialog, where);
  else if (answer.words) {
    closeDialog();
    toast(answer.words);
  } else if (answer.card) showDialog({ title: "Only you see this", card: { content: answer.card } }, where);
  else {
    closeDialog();
    toast(answer.said);
  }
  quietly(refresh());
}

async function press(message, action, values) {
  const where = { place: message.place, id: message.id };
  try {
    take(await post("press", { user: store.seat, ...where, action, values }), where);
  } catch (refused) {
    notice(refused.message);
  }
}

async function submit(action, values, where) {
  try {
    take(await post("submit", { user: store.seat, ...where, action, values }), where);
  } catch (refused) {
    notice(refused.message);
  }
}

async function use({ message, command }) {
  const where = { place: message.place, id: message.id };
  try {
    take(await post("use", { user: store.seat, ...where, command }), where);
  } catch (refused) {
    notice(refused.message);
  }
}

async function say(text, root = "") {
  try {
    if (root) unfold(root);
    await post("say", { user: store.seat, place: store.place, root, text });
    await refresh();
    return true;
  } catch (refused) {
    notice(refused.message);
    return false;
  }
}

// ---- places and seats

function drawNav() {
  const nav = byId("nav");
  const keep = focusPlace(nav);
  const entry = (place, face, note = "") => h("li", {}, h("a", {
    href: `/?seat=${encodeURIComponent(store.seat)}&place=${encodeURIComponent(place)}`, class: "nav-item", "aria-current": store.place === place ? "page" : null, data: { fk: `nav|${place}` },
    on: {
      click: (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        open(place);
      },
    },
  }, h("span", { class: "nav-name", dir: "auto" }, face), note ? h("span", { class: "nav-note" }, note) : null));
  fill(nav,
    h("p", { class: "workspace", dir: "auto" }, store.state.team.name),
    h("section", { "aria-labelledby": "nav-channels" }, h("h2", { id: "nav-channels" }, "Channels"),
      h("ul", {}, store.state.channels.map((one) => entry(one.id, one.name, one.kind === "standard" ? store.state.team.visibility : one.kind)))),
    h("section", { "aria-labelledby": "nav-chat" }, h("h2", { id: "nav-chat" }, "Chat"), h("ul", {}, entry("chat", store.state.bot, "only you two"))));
  restoreFocus(nav, keep);
}

function drawHead() {
  const channel = store.state.channels.find((one) => one.id === store.place);
  fill(byId("channel-head"), h("div", { class: "head-words" }, h("h1", { dir: "auto" }, channel ? channel.name : store.state.bot),
    h("p", { class: "topic", dir: "auto" }, channel ? `${store.state.team.name}, ${store.state.team.visibility} team, ${channel.people} people` : "Your chat with the bot. A command needs no @ here.")));
  document.title = `${channel ? channel.name : "Chat"} – ${store.users.get(store.seat)?.name || ""} – Practice on Teams`;
}

function hint() {
  const keys = "Enter sends, Shift + Enter makes a new line.";
  byId("compose-hint").textContent = isChat() ? `${keys} Type a command such as home or meeting help.` : `${keys} To ask the bot, begin with @${store.state.bot}, such as @${store.state.bot} meeting.`;
  byId("compose-box").placeholder = isChat() ? `Message ${store.state.bot}` : "Start a new post";
  byId("compose-label").textContent = byId("compose-box").placeholder;
  byId("ask-bot").hidden = isChat();
}

async function open(place) {
  closeMenu();
  store.drafts.set(`${store.seat} ${store.place}`, byId("compose-box").value);
  store.place = place;
  byId("compose-box").value = store.drafts.get(`${store.seat} ${place}`) || "";
  document.body.classList.remove("show-nav");
  byId("nav-toggle").setAttribute("aria-expanded", "false");
  forgetPosts();
  hint();
  history.replaceState(null, "", `/?seat=${encodeURIComponent(store.seat)}&place=${encodeURIComponent(place)}`);
  await quietly(refresh());
  byId("compose-box").focus({ preventScroll: true });
}

let stream = null;

function listen() {
  stream?.close();
  stream = new EventSource("/seat/events");
  stream.onmessage = () => quietly(refresh());
  stream.onerror = () => line("The practice workspace does not answer. Trying again; what you type stays here.");
  stream.onopen = () => line("");
}

function line(words) {
  byId("connection").textContent = words;
  byId("connection").hidden = !words;
}

/** Somebody else sits down: the same place stays open when they may see it, or what was pressed while they sat down. */
async function sit(seat, wanted = "") {
  clearNotices();
  closeDialog();
  const left = store.place;
  store.seat = seat;
  const state = await get("state", { user: seat });
  if (seat !== store.seat) return;
  const place = store.place === left ? wanted : store.place;
  takeState(state);
  fill(byId("seat"), store.state.users.map((user) => h("option", { value: user.id }, `${user.name}${user.title ? `, ${user.title}` : ""}`)));
  byId("seat").value = seat;
  sessionStorage.setItem("practice-seat", seat);
  const known = place === "chat" || store.state.channels.some((one) => one.id === place);
  await open(known ? place : store.state.channels[0]?.id || "chat");
}

function watchBox() {
  const box = byId("compose-box");
  const send = async () => {
    if (!box.value.trim()) return;
    const text = box.value;
    box.value = "";
    if (!(await say(text))) box.value = text;
  };
  byId("compose-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  byId("ask-bot").addEventListener("click", () => {
    box.value = `@${store.state.bot} ${box.value}`;
    box.focus();
  });
}

function watchPanel(buttonId, panelId, draw) {
  const [button, panel] = [byId(buttonId), byId(panelId)];
  const set = (shown) => {
    if (shown) draw();
    panel.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
  };
  button.addEventListener("click", () => set(panel.hidden));
  panel.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    set(false);
    button.focus();
  });
}

async function start() {
  watchBox();
  watchDialogs(submit);
  watchPanel("clock-button", "clock-panel", drawClock);
  watchPanel("trouble-button", "trouble-panel", drawTrouble);
  watchGuide((place) => open(place));
  hear("use", use);
  hear("refresh", () => quietly(refresh()));
  byId("seat").addEventListener("change", (event) => quietly(sit(event.target.value, store.place).then(() => sayPolitely(`You now sit as ${store.users.get(store.seat)?.name}.`))));
  byId("nav-toggle").addEventListener("click", () => {
    const shown = document.body.classList.toggle("show-nav");
    byId("nav-toggle").setAttribute("aria-expanded", String(shown));
  });
  const query = new URLSearchParams(location.search);
  try {
    const first = await get("state", { user: query.get("seat") || sessionStorage.getItem("practice-seat") || "" });
    await sit(first.me, query.get("place") || "");
    listen();
    watchClock();
  } catch (refused) {
    line(refused.message);
  }
}

start();
