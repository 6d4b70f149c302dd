/* The modest set of :names: the practice page draws. Others stay in words, which is also fine to read. */
import { h } from "../dom.js";

const EMOJI = {
  wave: "👋", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌",
  warning: "⚠️", no_entry: "⛔", octagonal_sign: "🛑", rotating_light: "🚨", exclamation: "❗", question: "❓",
  information_source: "ℹ️", bell: "🔔", no_bell: "🔕", pushpin: "📌", round_pushpin: "📍", memo: "📝", pencil: "✏️",
  pencil2: "✏️", clipboard: "📋", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", clock1: "🕐", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", stopwatch: "⏱️", alarm_clock: "⏰", speech_balloon: "💬", thought_balloon: "💭",
  busts_in_silhouette: "👥", bust_in_silhouette: "👤", family: "👪", child: "🧒", baby: "👶", house: "🏠",
  house_with_garden: "🏡", school: "🏫", seedling: "🌱", sunflower: "🌻", herb: "🌿", star: "⭐", sparkles: "✨", bulb: "💡",
  mag: "🔍", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️",
  arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", fast_forward: "⏩", double_vertical_bar: "⏸️",
  pause_button: "⏸️", black_square_for_stop: "⏹️", heavy_plus_sign: "➕", heavy_minus_sign: "➖", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", black_circle: "⚫",
  white_large_square: "⬜", black_large_square: "⬛", smile: "😄", slightly_smiling_face: "🙂", grinning: "😀", joy: "😂",
  thinking_face: "🤔", cry: "😢", heart: "❤️", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", clap: "👏",
  pray: "🙏", raised_hands: "🙌", raising_hand: "🙋", tada: "🎉", coffee: "☕", tea: "🍵", books: "📚", book: "📖",
  open_book: "📖", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", email: "✉️",
  envelope: "✉️", telephone_receiver: "📞", phone: "☎️", paperclip: "📎", wastebasket: "🗑️", file_folder: "📁", robot_face: "🤖",
  compass: "🧭", scales: "⚖️", handshake: "🤝", bird: "🐦", eagle: "🦅", owl: "🦉", sun_small_cloud: "🌤️", rain_cloud: "🌧️",
};

/** The picture for :name:, read aloud by its name; null when the name is not in the set. */
export function emoji(name) {
  const picture = Object.hasOwn(EMOJI, name) ? EMOJI[name] : null;
  if (!picture) return null;
  return h("span", { role: "img", class: "emoji", "aria-label": name.replaceAll("_", " ") }, picture);
}
