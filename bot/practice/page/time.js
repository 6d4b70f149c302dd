/* The unit's clock: what it shows, and moving it by days of the calendar rather than by 24 hours. */

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const SHORT = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const inWords = (date, zone) => date.toLocaleString("en-GB", { ...LONG, timeZone: zone }).replace(",", "");
export const inShort = (date, zone) => date.toLocaleString("en-GB", { ...SHORT, timeZone: zone }).replace(/,(?= \d+ )/, "");

/** Year, month, day, hour, minute, second and weekday (0 = Sunday) as the zone's wall clock shows them. */
export function wall(date, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(date);
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  const [year, month, day] = [of("year"), of("month"), of("day")];
  return { year, month, day, hour: of("hour"), minute: of("minute"), second: of("second"), weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** The moment at which the zone's wall clock shows this. */
export function moment({ year, month, day, hour, minute, second = 0 }, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute, second);
  let guess = wanted;
  for (let turn = 0; turn < 3; turn += 1) {
    const seen = wall(new Date(guess), zone);
    guess += wanted - Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute, seen.second);
  }
  return new Date(guess);
}

export function plusDays(date, days, zone) {
  const now = wall(date, zone);
  return moment({ ...now, day: now.day + days }, zone);
}

/** The next `weekday` (0 = Sunday) after today, at the given time. */
export function nextWeekday(date, weekday, hour, minute, zone) {
  const now = wall(date, zone);
  const ahead = (weekday - now.weekday + 7) % 7 || 7;
  return moment({ ...now, day: now.day + ahead, hour, minute, second: 0 }, zone);
}

export function forBox(date, zone) {
  const two = (number) => String(number).padStart(2, "0");
  const now = wall(date, zone);
  return `${now.year}-${two(now.month)}-${two(now.day)}T${two(now.hour)}:${two(now.minute)}`;
}

export function fromBox(text, zone) {
  const found = text.match(/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  return moment({ year, month, day, hour, minute }, zone);
}
