// The live pieces of text that mrkdwn, rich text and markdown share: links, mentions of people,
// channels and everybody, date tokens and emoji. All return nodes, never markup.

import { h } from "./dom.js";
import { channel, nameOf, store } from "./state.js";
import { formatDate, fullTime } from "./dates.js";
import { emoji } from "./emoji.js";

const SAFE = /^(https?:|mailto:|tel:)/i;
const PERMALINK = /^#[A-Z0-9]+(\/p\d{10,})?$/;

/** A link, or plain text when its scheme is not one a person should click. */
export function link(url, ...label) {
  if (!SAFE.test(url)) return h("span", {}, ...label);
  const inside = pageHash(url);
  if (inside) return h("a", { href: url, on: { click: (event) => goInside(event, inside) } }, ...label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

// A permalink of this playground is followed in this tab, so that nothing kept in memory is lost.
function pageHash(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed?.port === location.port && parsed.pathname === "/" && PERMALINK.test(parsed.hash)
    ? parsed.hash
    : null;
}

function goInside(event, hash) {
  event.preventDefault();
  location.hash = hash;
}

/** "@Name", highlighted when it is the person acted as. */
export function userMention(id) {
  return h(
    "span",
    { class: id === store.as ? "mention me" : "mention", data: { user: id } },
    `@${nameOf(id)}`,
  );
}

/** "#channel", a link when the person can see it. */
export function channelMention(id, label) {
  const known = channel(id);
  if (!known) return h("span", { class: "mention" }, `#${label || "private-channel"}`);
  return h("a", { class: "mention", href: `#${id}` }, `#${known.name}`);
}

/** @channel, @here, @everyone. */
export function broadcast(range) {
  return h("span", { class: "mention me" }, `@${range}`);
}

/** A Slack date token in the viewer's locale and zone. */
export function dateToken(seconds, format, fallback, url) {
  const shown = formatDate(seconds, format);
  if (shown === null) return document.createTextNode(fallback);
  const time = h(
    "time",
    { datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds) },
    shown,
  );
  return url ? link(url, time) : time;
}

/** An emoji, or its shortcode as text when this page does not know it. */
export function emojiNode(code) {
  const known = emoji(code);
  return known
    ? h("span", { class: "emoji", role: "img", "aria-label": code, title: `:${code}:` }, known)
    : document.createTextNode(`:${code}:`);
}

/** What stands between < and > in mrkdwn: a mention, a date token or a link. */
export function angle(token, decode) {
  const [target, label = ""] = splitOnce(token, "|");
  if (/^@[UW]/.test(target)) return userMention(target.slice(1));
  if (/^#[CG]/.test(target)) return channelMention(target.slice(1), decode(label));
  if (target.startsWith("!")) return special(target.slice(1), decode(label));
  if (SAFE.test(target)) return link(decode(target), decode(label || target.replace(/^mailto:/, "")));
  return document.createTextNode(decode(`<${token}>`));
}

function special(name, label) {
  if (["channel", "here", "everyone"].includes(name)) return broadcast(name);
  if (name.startsWith("date^")) return dateToken(...dateParts(name, label));
  if (name.startsWith("subteam^")) return h("span", { class: "mention" }, label || `@${name.slice(8)}`);
  return document.createTextNode(label || `<!${name}>`);
}

function dateParts(name, label) {
  const [, seconds, format = "{date}", url] = name.split("^");
  return [seconds, format, label, url];
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
