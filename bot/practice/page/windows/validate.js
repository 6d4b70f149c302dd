/* What Slack's own form refuses before the app hears of it. Answers {block_id: sentence}. */

const FILLED = ["value", "selected_option", "selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time", "selected_date_time"];
const LISTS = ["selected_options", "selected_users", "selected_conversations", "selected_channels", "files"];

function isEmpty(answer) {
  if (!answer) return true;
  const single = FILLED.some((field) => answer[field] !== null && answer[field] !== undefined && String(answer[field]).trim() !== "");
  return !single && !LISTS.some((field) => answer[field]?.length);
}

const length = (text) => [...text].length;

function text(item, value) {
  if (item.min_length && length(value) < item.min_length) return `Please write at least ${item.min_length} characters.`;
  if (item.max_length && length(value) > item.max_length) {
    return `Please keep this to ${item.max_length} characters; it has ${length(value)}.`;
  }
  return "";
}

function number(item, value) {
  const whole = item.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!whole.test(value.trim())) return item.is_decimal_allowed ? "Please write a number." : "Please write a whole number.";
  if (item.min_value !== undefined && Number(value) < Number(item.min_value)) return `Please write ${item.min_value} or more.`;
  if (item.max_value !== undefined && Number(value) > Number(item.max_value)) return `Please write ${item.max_value} or less.`;
  return "";
}

const CHECKS = {
  plain_text_input: text,
  number_input: number,
  email_text_input: (_, value) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? "" : "Please write an email address, such as name@example.org."),
  url_text_input: (_, value) => (/^https?:\/\/\S+\.\S+/.test(value.trim()) ? "" : "Please write a web address that starts with http:// or https://."),
};

export function refusals(blocks, values) {
  const wrong = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const answer = values[block.block_id]?.[block.element.action_id];
    const check = CHECKS[block.element.type];
    if (isEmpty(answer)) {
      if (block.optional !== true) wrong[block.block_id] = "Please fill this in.";
    } else if (check && answer.value) {
      const sentence = check(block.element, answer.value);
      if (sentence) wrong[block.block_id] = sentence;
    }
    const most = block.element.max_selected_items;
    const many = LISTS.map((field) => answer?.[field]?.length || 0).reduce((one, other) => one + other, 0);
    if (most && many > most) wrong[block.block_id] = `Please choose ${most} at most.`;
  }
  return wrong;
}
