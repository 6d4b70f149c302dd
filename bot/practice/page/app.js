/* The page as a whole: who sits here, which place is open, and what to fetch when the workspace says something changed. */
import { byId, debounce, fill, focusPlace, h, merged, restoreFocus } from "./dom.js";
import { clearNotices, notice, sayPolitely } from "./announce.js";
import { get, post } from "./api.js";
import { blockNodes } from "./drawing/blocks.js";
import { drawClock, takeClock, watchClock } from "./frame/clock.js";
import { channelLabel, Composer } from "./typing/composer.js";
import { forgetGuide, refreshGuide, watchGuide } from "./frame/guide.js";
import { arePeopleShown, drawHead, togglePeople } from "./frame/head.js";
import { closeMenu } from "./windows/menu.js";
import { MessageList } from "./drawing/messages.js";
import { forgetModals, setStack, watchDialog } from "./windows/modal.js";
import { addressOf, drawSidebar } from "./frame/sidebar.js";
import { appName, channelName, hear, store, takeState } from "./store.js";
import { Surface } from "./surface.js";
import { drawTrouble } from "./trouble.js";

const channelList = new MessageList({ scroller: byId("channel-list"), newer: byId("channel-newer"), inThread: false });
const threadList = new MessageList({ scroller: byId("thread-list"), newer: byId("thread-newer"), inThread: true });
let compose = null;
let composeThread = null;
let stream = null;
let threadOpener = null;
let home = null;
let bottomNext = false;

// ---- fetching

const refreshState = merged(async () => {
  const seat = store.seat;
  const unreadBefore = unreadCounts();
  const state = await get("state", { user: seat });
  if (seat !== store.seat) return;
  takeState(state);
  drawSidebar(openPlace);
  drawHead();
  takeClock();
  connectionLine(state.bot_connected ? "" : "The bot is not connected at the moment. You can look around; nobody answers until it is back.");
  if (store.place === "home") drawHome();
  else channelList.again(store.place);
  tellUnread(unreadBefore);
  byId("skip-pinned").hidden = !newestPin();
  quietly(refreshGuide());
});

const refreshChannel = merged(async () => {
  const { place, seat } = store;
  if (!store.channels.has(place)) return;
  const { messages } = await get("messages", { user: seat, channel: place });
  if (place !== store.place || seat !== store.seat) return;
  channelList.show(place, messages, { forceBottom: bottomNext });
  bottomNext = false;
});

const refreshThread = merged(async () => {
  const { place, thread, seat } = store;
  if (!thread) return;
  const { messages } = await get("messages", { user: seat, channel: place, thread_ts: thread });
  if (place !== store.place || thread !== store.thread || seat !== store.seat) return;
  threadList.show(place, messages);
});

const quietly = (work) => work.catch((refused) => notice(refused.message));
const stateSoon = debounce(120, () => quietly(refreshState()));

async function refreshAll() {
  await Promise.all([refreshChannel(), refreshThread()]);
  await refreshState();
}

const unreadCounts = () => new Map([...store.channels].map(([id, channel]) => [id, channel.unread || 0]));

function tellUnread(before) {
  for (const [id, channel] of store.channels) {
    if (id !== store.place && (channel.unread || 0) > (before.get(id) ?? channel.unread)) {
      sayPolitely(channel.is_im ? `New direct message from ${channelName(id)}` : `New messages in ${channel.name}`);
    }
  }
}

const newestPin = () => (store.channels.get(store.place)?.pins || []).slice().sort().pop() || "";

function connectionLine(sentence) {
  const line = byId("connection");
  if (line.textContent !== sentence) line.textContent = sentence;
  line.hidden = !sentence;
}

// ---- what the workspace tells

function onEvent(event) {
  const { kind } = event;
  if (kind === "hello") {
    if (event.seq !== store.state.seq) quietly(refreshAll().then(() => setStack(store.state.modals)));
    return;
  }
  if (kind === "message") {
    if (event.channel === store.place) {
      quietly(refreshChannel());
      if (store.thread && (event.thread_ts === store.thread || event.ts === store.thread)) quietly(refreshThread());
    }
    stateSoon();
  } else if (kind === "modal") setStack(event.stack);
  else if (kind === "notice") notice(event.text);
  else stateSoon();
  if (kind === "modal") quietly(refreshGuide());
}

function listen() {
  stream?.close();
  let lost = false;
  stream = new EventSource(`/seat/events?user=${encodeURIComponent(store.seat)}`);
  stream.onmessage = (event) => onEvent(JSON.parse(event.data));
  for (const kind of ["message", "channel", "home", "modal", "notice", "clock", "connection"]) {
    if (kind !== "message") stream.addEventListener(kind, (event) => onEvent(JSON.parse(event.data)));
  }
  stream.onerror = () => {
    lost = true;
    connectionLine("The practice workspace does not answer. Trying again; what you type stays here.");
  };
  stream.onopen = () => {
    if (lost) quietly(refreshAll());
    lost = false;
  };
}

// ---- places

function remember() {
  sessionStorage.setItem("practice-seat", store.seat);
  history.replaceState(null, "", addressOf(store.place, store.thread));
  const name = store.place === "home" ? "Home" : channelName(store.place);
  document.title = `${name} – ${store.state.me?.real_name || ""} – Practice workspace`;
}

async function openPlace(place, { keepFocus = false } = {}) {
  closeMenu();
  togglePeople(false);
  showNav(false);
  closeThread(false);
  compose.stow();
  store.place = place;
  document.body.dataset.place = place === "home" ? "home" : "channel";
  channelList.clear();
  drawHead();
  drawSidebar(openPlace);
  remember();
  byId("compose-channel").hidden = place === "home";
  byId("channel-list").setAttribute("aria-label", place === "home" ? "Home tab" : `Messages in ${channelName(place)}`);
  if (place === "home") {
    drawHome();
    byId("channel-list").scrollTop = 0;
    if (!keepFocus) byId("main").focus({ preventScroll: true });
    await quietly(post("home", { user: store.seat }));
    stateSoon();
  } else {
    compose.turn(channelLabel(place));
    await quietly(refreshChannel());
    if (!keepFocus) compose.focus();
    stateSoon();
  }
}

function drawHome() {
  const scroller = byId("channel-list");
  const view = store.state.home?.view ?? (store.state.home?.blocks ? store.state.home : null);
  if (!view) {
    fill(scroller, h("p", { class: "empty" }, `${appName()} has not drawn your Home tab yet.`));
    return;
  }
  const sign = `${store.seat} ${view.id} ${view.hash}`;
  if (home?.sign === sign && scroller.contains(home.node)) return;
  const place = focusPlace(scroller);
  const { scrollTop } = scroller;
  const surface = home?.seat === store.seat && home.id === view.id ? home.surface : new Surface(`home:${view.id}`, { type: "home", view_id: view.id });
  const node = h("div", { class: "home" }, blockNodes(view.blocks, surface, view.state?.values));
  fill(scroller, node);
  scroller.scrollTop = scrollTop;
  home = { sign, node, surface, seat: store.seat, id: view.id };
  if (place && !restoreFocus(scroller, place)) scroller.focus({ preventScroll: true });
}

async function openThread({ ts, keepFocus = false }) {
  const active = document.activeElement;
  if (!byId("thread").contains(active)) threadOpener = { node: active, key: active?.closest?.("[data-fk]")?.dataset.fk };
  composeThread.stow();
  store.thread = ts;
  threadList.clear();
  byId("thread").hidden = false;
  document.body.classList.add("has-thread");
  fill(byId("thread-head"),
    h("div", { class: "head-words" }, h("h2", {}, "Thread"), h("p", { class: "topic", dir: "auto" }, `in ${channelName(store.place)}`)),
    h("div", { class: "head-tools" }, h("button", { type: "button", class: "btn", on: { click: () => closeThread() } }, "Close thread")));
  composeThread.turn("Reply in this thread");
  remember();
  await quietly(refreshThread());
  if (!keepFocus) composeThread.focus();
  quietly(refreshGuide());
}

/** Opens a place and a thread in it, where the guide leads. */
async function openBoth(place, thread) {
  if (place !== store.place) await openPlace(place, { keepFocus: true });
  if (thread && thread !== store.thread) await openThread({ ts: thread, keepFocus: true });
  quietly(refreshGuide());
}

function closeThread(returnFocus = true) {
  if (!store.thread) return;
  composeThread.stow();
  store.thread = "";
  byId("thread").hidden = true;
  document.body.classList.remove("has-thread");
  remember();
  if (!returnFocus) return;
  const { node, key } = threadOpener || {};
  if (node?.isConnected && node !== document.body) node.focus({ preventScroll: true });
  else if (!restoreFocus(document.body, { key })) compose.focus();
}

/** Somebody else sits down: the same place and thread stay open when they may see them, or what was pressed meanwhile. */
async function takeSeat(seat, wanted = "", thread = "") {
  clearNotices();
  forgetGuide();
  forgetModals();
  closeThread(false);
  if (store.state) compose.stow();
  const left = store.place;
  store.seat = seat;
  home = null;
  const state = await get("state", { user: seat });
  if (seat !== store.seat) return;
  const place = store.place === left ? wanted : store.place;
  takeState(state);
  drawSeats();
  const fits = place && (place === "home" || store.channels.has(place));
  const first = [...store.channels.values()].find((channel) => !channel.is_im) || [...store.channels.values()][0];
  listen();
  await openPlace(fits ? place : first?.id || "home", { keepFocus: true });
  await refreshState();
  if (seat !== store.seat) return;
  if (thread && !store.thread && place === wanted && store.place === place) await openThread({ ts: thread, keepFocus: true });
  setStack(store.state.modals);
}

function drawSeats() {
  const people = store.state.users.filter((user) => !user.is_bot && !user.deleted && user.id !== "USLACKBOT");
  fill(byId("seat"), people.map((user) => h("option", { value: user.id }, `${user.real_name || user.name}${user.title ? `, ${user.title}` : ""}${user.is_restricted ? " (guest)" : ""}`)));
  byId("seat").value = store.seat;
}

// ---- the page's own buttons

function dropPanel(buttonId, panelId, draw) {
  const button = byId(buttonId);
  const panel = byId(panelId);
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
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !panel.parentElement.contains(event.target)) set(false);
  });
}

function showNav(shown) {
  document.body.classList.toggle("show-nav", shown);
  byId("nav-toggle").setAttribute("aria-expanded", String(shown));
}

function watchPage() {
  byId("seat").addEventListener("change", (event) => quietly(takeSeat(event.target.value, store.place, store.thread).then(() => sayPolitely(`You now sit as ${store.state.me?.real_name}.`))));
  byId("nav-toggle").addEventListener("click", () => showNav(!document.body.classList.contains("show-nav")));
  byId("skip-compose").addEventListener("click", (event) => {
    event.preventDefault();
    if (store.place === "home") byId("main").focus();
    else compose.focus();
  });
  byId("skip-pinned").addEventListener("click", (event) => {
    event.preventDefault();
    channelList.jumpTo(newestPin());
  });
  byId("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
  byId("channel-head").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !arePeopleShown()) return;
    togglePeople(false);
    byId("people-button")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (arePeopleShown() && !byId("people-panel")?.parentElement.contains(event.target)) togglePeople(false);
  });
  dropPanel("clock-button", "clock-panel", drawClock);
  dropPanel("trouble-button", "trouble-panel", drawTrouble);
  hear("open-thread", openThread);
  hear("refresh", () => quietly(refreshAll()));
  hear("made-channel", ({ channel }) => quietly(refreshState().then(() => openPlace(channel))));
  hear("jump", ({ ts }) => {
    if (!channelList.jumpTo(ts)) notice("The pinned message is not in this list any more.");
  });
  watchDialog();
  watchClock();
  watchGuide(openBoth);
}

const seatOf = (state) => state.me?.id || state.me;

async function firstSeat(asked) {
  const wanted = asked || sessionStorage.getItem("practice-seat") || "";
  try {
    return seatOf(await get("state", { user: wanted }));
  } catch (refused) {
    if (!wanted) throw refused;
    return seatOf(await get("state"));
  }
}

async function start() {
  compose = new Composer(byId("compose-channel"), {
    place: () => ({ channel: store.place }), label: "Write a message", inThread: false,
    sent: () => {
      bottomNext = true;
      quietly(refreshChannel());
    },
  });
  composeThread = new Composer(byId("compose-thread"), {
    place: () => ({ channel: store.place, thread_ts: store.thread }), label: "Reply in this thread", inThread: true,
    sent: () => quietly(refreshThread().then(() => threadList.toBottom())),
  });
  watchPage();
  const query = new URLSearchParams(location.search);
  try {
    await takeSeat(await firstSeat(query.get("seat")), query.get("channel") || "", query.get("thread") || "");
  } catch (refused) {
    connectionLine(refused.message);
  }
}

start();
