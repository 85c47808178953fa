// Slack's text objects: mrkdwn is parsed, plain_text stays text (with emoji unless told not to).

import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A text object as one node; an absent one is empty. */
export function drawText(text) {
  if (!text) return document.createTextNode("");
  if (text.type === "mrkdwn") return mrkdwn(text.text, text.verbatim);
  return document.createTextNode(plain(text));
}

/** A text object as plain words, for attributes and options. */
export function plain(text) {
  if (!text) return "";
  return text.emoji === false ? text.text : withEmoji(text.text);
}
