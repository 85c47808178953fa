// Times as a reader wants them: message times, day headings, Slack's date tokens, and what a picker
// shows, all in the browser's language and in the time zone of the person acted as.

import { store } from "./state.js";

const DAY = 86_400_000;
const HALF_A_YEAR = 182 * DAY;

const TOKENS = {
  date_num: (at) => wallClock(at).slice(0, 10),
  date_slash: (at) => show(at, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (at) => day(at, { month: "long" }),
  date_short: (at) => day(at, { month: "short" }),
  date_long: (at) => day(at, { month: "long", weekday: "long" }),
  date_long_full: (at) => show(at, { day: "numeric", month: "long", year: "numeric" }),
  date_pretty: (at) => relativeDay(at) ?? TOKENS.date(at),
  date_short_pretty: (at) => relativeDay(at) ?? TOKENS.date_short(at),
  date_long_pretty: (at) => relativeDay(at) ?? TOKENS.date_long(at),
  day_divider_pretty: (at) => relativeDay(at) ?? dayOfThisYear(at),
  time: (at) => show(at, { timeStyle: "short" }),
  time_secs: (at) => show(at, { timeStyle: "medium" }),
  ago: (at) => ago(at),
};

/** What time it is in the workspace, in milliseconds: real time, unless it was moved on. */
export function now() {
  return Date.now() + (store.data?.ahead ?? 0) * 1000;
}

/** What every time on the page depends on; where it changes, whatever shows a time is drawn anew. */
export function times() {
  return [store.as, store.data?.ahead];
}

/** Fill Slack's date format, e.g. "{date_short_pretty} at {time}"; null if the time is no time. */
export function formatDate(seconds, format) {
  const at = new Date(Number(seconds) * 1000);
  if (!seconds || Number.isNaN(at.getTime())) return null;
  // Slack writes "Due Today at 10:00", but "Due by today": what opens the format has a capital.
  return format.replace(/\{(\w+)\}/g, (whole, name, index) => {
    const shown = TOKENS[name]?.(at) ?? whole;
    return index ? shown : shown.charAt(0).toUpperCase() + shown.slice(1);
  });
}

/** "10:42" for a message ts. */
export function clock(ts) {
  return TOKENS.time(new Date(Number(ts) * 1000));
}

/** The whole date and time of a ts, for tooltips. */
export function fullTime(ts) {
  return show(new Date(Number(ts) * 1000), { dateStyle: "full", timeStyle: "medium" });
}

/** "Today", "Yesterday" or a date, for the line between two days. */
export function dayHeading(ts) {
  return formatDate(ts, "{day_divider_pretty}");
}

/** "5 minutes ago", in the viewer's language; "now" within a minute. */
export function ago(at) {
  const seconds = (at.getTime() - now()) / 1000;
  const steps = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? [
    "second",
    Number.POSITIVE_INFINITY,
  ];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** What a picker shows for a Unix time: "2026-02-01T10:30" on the clock of the person acted as. */
export function pickerTime(seconds) {
  return wallClock(new Date(seconds * 1000)).slice(0, 16);
}

/** The Unix time at which that clock shows "2026-02-01T10:30"; the first one where it shows it twice. */
export function unixTime(wall) {
  const wanted = Date.parse(`${wall}Z`);
  // A clock may change within the day before or after: of what both sides make of it, what it really shows.
  const found = [-DAY, DAY].map((away) => wanted - ahead(wanted + away));
  return (found.find((at) => at + ahead(at) === wanted) ?? found[0]) / 1000;
}

function ahead(at) {
  return Date.parse(`${wallClock(new Date(at))}Z`) - Math.floor(at / 1000) * 1000;
}

// Slack leaves the year out where nobody would ask for it.
function day(at, parts) {
  const near = Math.abs(at.getTime() - now()) < HALF_A_YEAR;
  return show(at, { ...parts, day: "numeric", ...(!near && { year: "numeric" }) });
}

function dayOfThisYear(at) {
  const past = wallClock(at).slice(0, 4) !== wallClock(new Date(now())).slice(0, 4);
  return show(at, { weekday: "long", day: "numeric", month: "long", ...(past && { year: "numeric" }) });
}

function relativeDay(at) {
  const days = (midnight(at) - midnight(new Date(now()))) / DAY;
  if (Math.abs(days) > 1) return null;
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day");
}

function midnight(at) {
  return Date.parse(wallClock(at).slice(0, 10));
}

// "2026-02-01T10:30:00"; Sweden writes dates as ISO does.
function wallClock(at) {
  return show(at, { dateStyle: "short", timeStyle: "medium" }, "sv-SE").replace(" ", "T");
}

function show(at, options, language) {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: store.data?.me.tz ?? "UTC" }).format(at);
}
