// Times as a reader wants them: message times, day headings, and Slack's date tokens, all in the
// viewer's own locale and time zone.

const DAY = 86_400_000;

const TOKENS = {
  date_num: (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
  date_slash: (at) => show(at, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (at) => show(at, { dateStyle: "long" }),
  date_short: (at) => show(at, { dateStyle: "medium" }),
  date_long: (at) => show(at, { dateStyle: "full" }),
  date_pretty: (at) => relativeDay(at) ?? TOKENS.date(at),
  date_short_pretty: (at) => relativeDay(at) ?? TOKENS.date_short(at),
  date_long_pretty: (at) => relativeDay(at) ?? TOKENS.date_long(at),
  day_divider_pretty: (at) => relativeDay(at) ?? show(at, { weekday: "long", day: "numeric", month: "long" }),
  time: (at) => show(at, { timeStyle: "short" }),
  time_secs: (at) => show(at, { timeStyle: "medium" }),
  ago: (at) => ago(at),
};

/** Fill Slack's date format, e.g. "{date_short_pretty} at {time}"; null if the time is no time. */
export function formatDate(seconds, format) {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return null;
  return format.replace(/\{(\w+)\}/g, (whole, name) => TOKENS[name]?.(at) ?? whole);
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
  const seconds = (at.getTime() - Date.now()) / 1000;
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

function relativeDay(at) {
  const days = Math.round((midnight(at) - midnight(new Date())) / DAY);
  if (Math.abs(days) > 1) return null;
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day");
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

function show(at, options) {
  return new Intl.DateTimeFormat(undefined, options).format(at);
}

function two(number) {
  return String(number).padStart(2, "0");
}
