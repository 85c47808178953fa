// Slack's mrkdwn as nodes: *bold* _italic_ ~strike~ `code` ```pre```, > quotes, lists, <…> tokens,
// emoji. Text is decoded (&amp; &lt; &gt;) only after parsing, so escaped text can never come alive.

import { h } from "./dom.js";
import { angle, emojiNode, link } from "./mentions.js";

const FENCE = /```\n?([\s\S]+?)\n?```/;
const WORD = "[\\p{L}\\p{N}]";
const MARKS = [
  "`([^`\\n]+)`",
  "<([^<>\\n]+)>",
  pair("*"),
  pair("_"),
  pair("~"),
  ":([a-z0-9_+'-]+(?:::skin-tone-\\d)?):",
];
const BARE_URL = "(https?:\\/\\/(?:(?!&[gl]t;)[^\\s<>|])*[^\\s<>|.,;:!?)\\]'\"*_~&])";
const INLINE = new RegExp([...MARKS, BARE_URL].join("|"), "giu");
const VERBATIM = new RegExp(MARKS.join("|"), "giu");

// One kind of emphasis: opens after a non-word, hugs its text, closes before a non-word.
function pair(mark) {
  const m = mark === "*" ? "\\*" : mark;
  return `(?<!${WORD}|${m})${m}(?=[^\\s${m}])([^\\n]*?[^\\s])${m}(?!${WORD}|${m})`;
}

/** A mrkdwn text as a fragment of nodes. Where it is verbatim, a bare URL stays text. */
export function mrkdwn(text, verbatim = false) {
  const marks = verbatim ? VERBATIM : INLINE;
  const fragment = document.createDocumentFragment();
  text.split(FENCE).forEach((part, index) => {
    if (index % 2) fragment.append(h("pre", {}, h("code", {}, decode(part))));
    else fragment.append(...lines(part.replace(index ? /^\n/ : "", "").replace(/\n$/, ""), marks));
  });
  return fragment;
}

/** &amp; &lt; &gt; as characters; nothing else is an entity in Slack. */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

function lines(text, marks) {
  const nodes = [];
  for (const run of runs(text)) nodes.push(...drawRun(run, marks));
  return nodes;
}

function runs(text) {
  const found = [];
  for (const line of text === "" ? [] : text.split("\n")) {
    const kind = kindOf(line);
    if (found.at(-1)?.kind === kind) found.at(-1).lines.push(line);
    else found.push({ kind, lines: [line] });
  }
  return found;
}

function kindOf(line) {
  if (/^(>|&gt;)/.test(line)) return "quote";
  if (/^\s*[•◦*-]\s+\S/.test(line)) return "ul";
  return /^\s*\d{1,3}\.\s+\S/.test(line) ? "ol" : "text";
}

function drawRun({ kind, lines: own }, marks) {
  if (kind === "quote")
    return [
      h(
        "blockquote",
        {},
        broken(
          own.map((line) => line.replace(/^(>|&gt;)\s?/, "")),
          marks,
        ),
      ),
    ];
  if (kind === "ul")
    return [
      h(
        "ul",
        {},
        own.map((line) => h("li", {}, inline(line.replace(/^\s*[•◦*-]\s+/, ""), marks))),
      ),
    ];
  if (kind === "ol") return [orderedList(own, marks)];
  return [h("span", { class: "run" }, broken(own, marks))];
}

function orderedList(own, marks) {
  const start = Number.parseInt(own[0], 10);
  return h(
    "ol",
    { start },
    own.map((line) => h("li", {}, inline(line.replace(/^\s*\d+\.\s+/, ""), marks))),
  );
}

function broken(own, marks) {
  return own.flatMap((line, index) => [...(index ? [h("br")] : []), ...inline(line, marks)]);
}

/** One line of mrkdwn as a list of nodes. */
function inline(text, marks) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(marks)) {
    if (match.index > at) nodes.push(decode(text.slice(at, match.index)));
    nodes.push(token(match, marks));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(decode(text.slice(at)));
  return nodes;
}

function token([, code, bracket, bold, italic, strike, shortcode, url], marks) {
  if (code !== undefined) return h("code", {}, decode(code));
  if (bracket !== undefined) return angle(bracket, decode);
  if (bold !== undefined) return h("strong", {}, inline(bold, marks));
  if (italic !== undefined) return h("em", {}, inline(italic, marks));
  if (strike !== undefined) return h("s", {}, inline(strike, marks));
  if (shortcode !== undefined) return emojiNode(shortcode);
  return link(decode(url), decode(url));
}
