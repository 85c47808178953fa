// Slack's rich_text block as nodes: sections, lists (nested by indent), quotes, preformatted text,
// and the elements inside them.

import { h } from "./dom.js";
import { broadcast, channelMention, dateToken, emojiNode, link, userMention } from "./mentions.js";
import { cannotDraw } from "./undrawn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich-line" }, part.elements.map(inlineNode)),
  rich_text_quote: (part) => h("blockquote", {}, part.elements.map(inlineNode)),
  rich_text_preformatted: (part) => h("pre", {}, h("code", {}, part.elements.map(inlineNode))),
  rich_text_list: listNode,
};

const INLINE = {
  text: (one) => document.createTextNode(one.text),
  link: (one) => link(one.url, one.text || one.url),
  user: (one) => userMention(one.user_id),
  usergroup: (one) => h("span", { class: "mention" }, `@${one.usergroup_id}`),
  channel: (one) => channelMention(one.channel_id),
  emoji: (one) => emojiNode(one.name),
  broadcast: (one) => broadcast(one.range),
  date: (one) => dateToken(one.timestamp, one.format, one.fallback ?? String(one.timestamp), one.url),
  color: (one) => h("span", {}, swatch(one.value), one.value),
};

/** A rich_text block (or table cell) as nodes. */
export function richText(block) {
  return block.elements.map((part) => PARTS[part.type]?.(part) ?? cannotDraw(part.type));
}

function listNode(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const props = {
    class: `indent-${Math.min(part.indent ?? 0, 6)}`,
    start: part.offset ? part.offset + 1 : null,
  };
  return h(
    tag,
    props,
    part.elements.map((item) => h("li", {}, item.elements.map(inlineNode))),
  );
}

function inlineNode(one) {
  const node = INLINE[one.type]?.(one) ?? cannotDraw(one.type);
  const styles = Object.keys(STYLES).filter((name) => one.style?.[name]);
  return styles.reduce((inner, name) => h(STYLES[name], {}, inner), node);
}

function swatch(value) {
  const dot = h("span", { class: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = value;
  return dot;
}
