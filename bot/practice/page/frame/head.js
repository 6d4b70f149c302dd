/* The line over a channel: its name, who is in it, what is pinned. */
import { byId, fill, focusPlace, h, restoreFocus } from "../dom.js";
import { openMenu } from "../windows/menu.js";
import { appName, channelName, store, tell, userName } from "../store.js";
import { post } from "../api.js";
import { notice } from "../announce.js";

let peopleShown = false;

function pinsButton(channel) {
  const pins = channel.pins || [];
  if (!pins.length) return null;
  const button = h("button", { type: "button", class: "btn", data: { fk: "head|pins" } }, pins.length === 1 ? "Pinned: show it" : `Pinned (${pins.length})`);
  if (pins.length === 1) button.addEventListener("click", () => tell("jump", { ts: pins[0] }));
  else {
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => openMenu(button, "Pinned messages", pins.map((ts, place) => ({ label: `Pinned message ${place + 1}`, choose: () => tell("jump", { ts }) }))));
  }
  return button;
}

async function tryOut(path, body) {
  try {
    await post(path, body);
    tell("refresh");
  } catch (refused) {
    notice(refused.message);
  }
}

/** Who is here, and what a council may want to try: somebody joins, leaves, the channel is shared. */
function peoplePanel(channel) {
  const others = [...store.users.values()].filter((user) => !user.deleted && !user.is_bot && !channel.members.includes(user.id));
  const who = h("select", { id: "join-who", class: "field-box" }, others.map((user) => h("option", { value: user.id }, user.real_name || user.name)));
  const flag = (name, words) => h("label", { class: "choice" },
    h("input", { type: "checkbox", checked: channel[name] === true, data: { fk: `people|${name}` }, on: { change: (event) => tryOut("channel", { channel: channel.id, [name]: event.target.checked }) } }), h("span", {}, words));
  return h("section", { class: "panel", id: "people-panel", "aria-label": "People here" },
    h("h2", {}, "People here"),
    h("ul", { class: "people" }, channel.members.map((id) => h("li", {},
      h("span", { dir: "auto" }, h("strong", {}, userName(id)), store.users.get(id)?.title ? ` – ${store.users.get(id).title}` : store.users.get(id)?.is_bot ? " – app" : ""),
      store.users.get(id)?.is_bot ? null : h("button", { type: "button", class: "plain", "aria-label": `${userName(id)} leaves this channel`, data: { fk: `people|${id}` }, on: { click: () => tryOut("member", { user_left: id, channel: channel.id }) } }, "Leaves")))),
    others.length ? h("div", { class: "line" }, h("label", { for: "join-who" }, "Somebody joins:"), who, h("button", { type: "button", class: "btn", data: { fk: "people|join" }, on: { click: () => tryOut("member", { user_added: who.value, channel: channel.id }) } }, "Joins")) : null,
    flag("is_private", "This channel is private"),
    flag("is_ext_shared", "It is shared with another organisation"));
}

export function drawHead() {
  const head = byId("channel-head");
  const place = focusPlace(head);
  const channel = store.channels.get(store.place);
  if (!channel) {
    fill(head, h("h1", {}, store.place === "home" ? `${appName()}: Home` : "Nothing is open"), h("p", { class: "topic" }, store.place === "home" ? "Only you see your Home tab." : ""));
  } else {
    const count = channel.members.filter((id) => !store.users.get(id)?.is_bot).length;
    const join = channel.is_im || channel.is_member !== false ? null : h("button", {
      type: "button", class: "btn primary", data: { fk: "head|join" }, on: { click: () => tryOut("member", { user_added: store.seat, channel: channel.id }) },
    }, "Join this channel");
    const people = channel.is_im ? null : h("div", { class: "drop" }, h("button", {
      type: "button", class: "btn", id: "people-button", "aria-expanded": String(peopleShown), "aria-controls": "people-panel", data: { fk: "head|people" },
      on: { click: () => togglePeople() },
    }, `${count} ${count === 1 ? "person" : "people"}`), peopleShown ? peoplePanel(channel) : null);
    const kind = channel.is_im ? "Only you two see this" : [channel.is_private ? "Private channel" : "Public channel", channel.is_ext_shared ? "shared with another organisation" : ""].filter(Boolean).join(", ");
    fill(head,
      h("div", { class: "head-words" }, h("h1", { dir: "auto" }, channel.is_im ? channelName(channel.id) : `# ${channel.name}`),
        h("p", { class: "topic", dir: "auto" }, [kind, topicOf(channel)].filter(Boolean).join(" · "))),
      h("div", { class: "head-tools" }, join, pinsButton(channel), people));
  }
  restoreFocus(head, place);
}

const topicOf = (channel) => (typeof channel.topic === "string" ? channel.topic : channel.topic?.value || "");

export function togglePeople(shown = !peopleShown) {
  if (peopleShown === shown) return;
  peopleShown = shown;
  drawHead();
}

export const arePeopleShown = () => peopleShown;
