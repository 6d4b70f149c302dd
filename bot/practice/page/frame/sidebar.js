/* The left side: the app's Home tab, channels, direct messages, each with what is unread in words. */
import { byId, fill, focusPlace, h, restoreFocus } from "../dom.js";
import { newChannel } from "./channel.js";
import { appName, store, userName } from "../store.js";

export function addressOf(place, thread = "") {
  const query = new URLSearchParams({ seat: store.seat, channel: place });
  if (thread) query.set("thread", thread);
  return `/?${query}`;
}

function entry(place, face, { unread = 0, note = "" } = {}, go) {
  const here = store.place === place;
  return h("li", {}, h("a", {
    href: addressOf(place), class: `nav-item${unread ? " unread" : ""}`, "aria-current": here ? "page" : null, data: { fk: `nav|${place}` },
    on: {
      click: (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(place);
      },
    },
  }, h("span", { class: "nav-name", dir: "auto" }, face), note ? h("span", { class: "nav-note" }, note) : null,
    unread ? h("span", { class: "count" }, `${unread} new`) : null));
}

function group(title, entries) {
  const id = `nav-${title.replaceAll(" ", "-").toLowerCase()}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), h("ul", {}, entries.length ? entries : h("li", { class: "nav-note pad" }, "None yet")));
}

export function drawSidebar(go) {
  const nav = byId("nav");
  const place = focusPlace(nav);
  const channels = [...store.channels.values()];
  const byName = (one, other) => one.name.localeCompare(other.name);
  const rooms = channels.filter((channel) => !channel.is_im).sort(byName);
  const talks = channels.filter((channel) => channel.is_im);
  fill(nav,
    h("p", { class: "workspace", dir: "auto" }, store.state.workspace.name || "Practice"),
    group("App", [entry("home", `${appName()}: Home`, {}, go)]),
    group("Channels", rooms.map((channel) =>
      entry(channel.id, `# ${channel.name}`, { unread: channel.unread, note: [channel.is_private ? "private" : "public", channel.is_ext_shared ? "shared outside" : ""].filter(Boolean).join(", ") }, go))),
    newChannel(),
    group("Direct messages", talks.map((channel) =>
      entry(channel.id, userName(channel.with_user), { unread: channel.unread }, go))));
  restoreFocus(nav, place);
}
