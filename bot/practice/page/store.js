/* What the page knows at this moment. One object, filled from /seat/state. */

export const store = {
  seat: "",
  state: null,
  users: new Map(),
  channels: new Map(),
  place: "", // a channel id, or "home"
  thread: "", // ts of the open thread's first message
  drafts: new Map(),
};

export const bus = new EventTarget();

export function tell(name, detail = {}) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

export function hear(name, listener) {
  bus.addEventListener(name, (event) => listener(event.detail));
}

export function takeState(state) {
  store.state = { ...state, me: state.users.find((user) => user.id === (state.me?.id || state.me)) };
  store.users = new Map(state.users.map((user) => [user.id, user]));
  store.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
}

export function userName(id) {
  const user = store.users.get(id);
  return user ? user.real_name || user.name || id : id;
}

export function channelName(id) {
  const channel = store.channels.get(id);
  if (!channel) return "a private channel";
  return channel.is_im ? userName(channel.with_user) : channel.name;
}

/** The bot people talk to: its user, or null before it has ever been seen. */
export function appUser() {
  return (store.state?.users || []).find((user) => user.is_bot && user.id !== "USLACKBOT") || null;
}

export const appName = () => appUser()?.real_name || appUser()?.name || "Unit Meeting Bot";

/** Whether the bot's commands do their work in this place: a private channel it is in, or a talk with it. */
export function commandsWorkIn(id) {
  const channel = store.channels.get(id);
  if (!channel) return false;
  if (channel.is_im) return true;
  return channel.is_private && !channel.is_ext_shared && channel.is_member !== false && channel.members.includes(appUser()?.id);
}
