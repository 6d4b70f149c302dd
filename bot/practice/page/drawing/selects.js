/* Slack's select menus, single and multi, as comboboxes. */
import { combobox, narrowed } from "./combobox.js";
import { store, userName } from "../store.js";
import { textInline } from "../text.js";
import { plainWords } from "../words.js";

const optionChoice = (option) => ({
  key: option.value, face: () => textInline(option.text), words: plainWords(option.text), note: plainWords(option.description), raw: option,
});
const groupsOf = (source) =>
  source.option_groups?.length
    ? source.option_groups.map((group) => ({ label: plainWords(group.label), options: group.options.map(optionChoice) }))
    : [{ options: (source.options || []).map(optionChoice) }];

const personChoice = (id) => ({ key: id, face: () => userName(id), words: userName(id), note: store.users.get(id)?.title || "", raw: id });
const placeChoice = (id) => {
  const channel = store.channels.get(id);
  const words = channel ? (channel.is_im ? userName(channel.with_user) : `#${channel.name}`) : id;
  return { key: id, face: () => words, words, note: channel?.is_private && !channel.is_im ? "private" : "", raw: id };
};

function people() {
  return [{ options: [...store.users.values()].filter((user) => !user.deleted && !user.is_bot).map((user) => personChoice(user.id)) }];
}

function places(item, channelsOnly) {
  const include = item.filter?.include;
  const fits = (channel) => {
    const kind = channel.is_im ? "im" : channel.is_private ? "private" : "public";
    return !(channelsOnly && channel.is_im) && (!include || include.includes(kind));
  };
  return [{ options: [...store.channels.values()].filter(fits).map((channel) => placeChoice(channel.id)) }];
}

/** What each kind of menu offers, calls its answer, and how it starts. */
const KINDS = {
  static: { one: "selected_option", several: "selected_options", firstOne: "initial_option", firstSeveral: "initial_options", choice: optionChoice, groups: groupsOf },
  external: { one: "selected_option", several: "selected_options", firstOne: "initial_option", firstSeveral: "initial_options", choice: optionChoice, groups: null },
  users: { one: "selected_user", several: "selected_users", firstOne: "initial_user", firstSeveral: "initial_users", choice: personChoice, groups: people },
  conversations: { one: "selected_conversation", several: "selected_conversations", firstOne: "initial_conversation", firstSeveral: "initial_conversations", choice: placeChoice, groups: (item) => places(item, false) },
  channels: { one: "selected_channel", several: "selected_channels", firstOne: "initial_channel", firstSeveral: "initial_channels", choice: placeChoice, groups: (item) => places(item, true) },
};

let waiting = 0;

/** Asks the app for choices, a moment after the last letter. */
function asked(item, block, surface) {
  return (query) => new Promise((done, failed) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      surface.suggest(block, item, query).then((reply) => done(groupsOf(reply).filter((group) => group.options.length)), failed);
    }, query ? 250 : 0);
  });
}

function select(kind, multi) {
  return (item, block, surface, use) => {
    const field = multi ? kind.several : kind.one;
    let first = item[multi ? kind.firstSeveral : kind.firstOne];
    if (!first && item.default_to_current_conversation && store.channels.has(store.place)) first = multi ? [store.place] : store.place;
    const answer = surface.start(block, item, { [field]: first || (multi ? [] : null) });
    const held = multi ? answer[field] || [] : [answer[field]].filter(Boolean);
    const placeholder = plainWords(item.placeholder);
    const { node, focus } = combobox({
      id: use.id, name: placeholder || use.name || "Choose", labelledBy: use.labelledBy, describedBy: use.describedBy, required: use.required,
      focusKey: surface.focusKey(block, item), placeholder: placeholder || "Choose …", multi, max: item.max_selected_items,
      clearable: use.optional, minimum: kind.groups ? 0 : item.min_query_length ?? 3,
      chosen: held.map(kind.choice),
      options: kind.groups ? (query) => narrowed(kind.groups(item), query) : asked(item, block, surface),
      changed: (picked) => {
        const raw = picked.map((choice) => choice.raw);
        const now = { [field]: multi ? raw : raw[0] ?? null };
        surface.keep(block, item, now);
        if (use.dispatch) surface.press(block, item, now, focus);
      },
    });
    return { node, focus };
  };
}

export const selects = Object.fromEntries(
  Object.entries(KINDS).flatMap(([name, kind]) => [
    [`${name}_select`, select(kind, false)],
    [`multi_${name}_select`, select(kind, true)],
  ]),
);
