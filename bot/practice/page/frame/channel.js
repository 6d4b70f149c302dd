/* Making a channel: its name, who is in it, whether it is private. Folded away under the list of channels. */
import { h } from "../dom.js";
import { notice, sayPolitely } from "../announce.js";
import { post } from "../api.js";
import { appName, appUser, store, tell } from "../store.js";

let form = null; // one form a seat: what is half filled in outlives a redraw of the list
let owner = "";

function build() {
  const name = h("input", { type: "text", id: "new-channel-name", class: "field-box", maxlength: "80", autocomplete: "off", placeholder: "heron-unit", data: { fk: "new|name" } });
  const hidden = h("input", { type: "checkbox", checked: true, data: { fk: "new|private" } });
  const people = [...store.users.values()].filter((user) => !user.deleted && !user.is_bot && user.id !== store.seat && user.id !== "USLACKBOT");
  const boxes = [appUser(), ...people].filter(Boolean).map((user) => [user.id, user.is_bot, h("input", { type: "checkbox", checked: user.is_bot, data: { fk: `new|${user.id}` } })]);
  const words = (id) => (id === appUser()?.id ? `${appName()} (so that its commands work)` : store.users.get(id).real_name);
  const choice = (box, text) => h("label", { class: "choice" }, box, h("span", { dir: "auto" }, text));
  const wrong = h("p", { class: "problem", role: "alert" });
  const node = h("form", { class: "new-channel" },
    h("label", { for: "new-channel-name" }, "Name"), name,
    choice(hidden, "Private: only its members see it"),
    h("fieldset", {}, h("legend", {}, "Who is in it, beside you"), boxes.map(([id, , box]) => choice(box, words(id)))),
    wrong,
    h("button", { type: "submit", class: "btn primary", data: { fk: "new|make" } }, "Make it"));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    try {
      const members = boxes.filter(([, , box]) => box.checked).map(([id]) => id);
      const { channel } = await post("new_channel", { user: store.seat, name: name.value, is_private: hidden.checked, members });
      form = null;
      sayPolitely("The channel is made.");
      tell("made-channel", { channel });
    } catch (refused) {
      wrong.textContent = refused.message;
      if (!node.isConnected) notice(refused.message);
    }
  });
  return h("details", { class: "new-channel-fold" }, h("summary", { data: { fk: "new|fold" } }, "Make a channel"), node);
}

/** The folded form; the same one until it has been used or somebody else sits down. */
export function newChannel() {
  if (!form || owner !== store.seat) {
    form = build();
    owner = store.seat;
  }
  return form;
}
