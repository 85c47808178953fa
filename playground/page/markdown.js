// The markdown block: ordinary Markdown (headings, emphasis, lists, quotes, code, tables, links) as
// nodes. A small dialect on purpose; what it does not know stays readable as text.

import { h } from "./dom.js";
import { angle, emojiNode, link } from "./mentions.js";
import { decode } from "./mrkdwn.js";

const INLINE = new RegExp(
  [
    "\\\\([\\\\`*_{}\\[\\]()#+.!|~>-])",
    "`([^`\\n]+)`",
    "!?\\[([^\\]\\n]*)\\]\\(([^()\\s]+)\\)",
    "<([^<>\\n]+)>",
    "(?:\\*\\*|__)(?=\\S)(.+?)(?:\\*\\*|__)",
    "(?<!\\w)[*_](?=\\S)(.+?)[*_](?!\\w)",
    "~~(.+?)~~",
    ":([a-z0-9_+-]+):",
    "(https?:\\/\\/[^\\s<>|]*[^\\s<>|.,;:!?)\\]'\"*_~])",
  ].join("|"),
  "gi",
);

const BLOCKS = [
  { starts: /^```/, take: takeFence },
  { starts: /^#{1,6}\s/, take: takeHeading },
  { starts: /^\s*([-*_])(\s*\1){2,}\s*$/, take: (rest) => [h("hr"), rest.slice(1)] },
  { starts: /^>/, take: takeQuote },
  { starts: /^\s*[-*+]\s/, take: (rest) => takeList(rest, "ul", /^\s*[-*+]\s+/) },
  { starts: /^\s*\d+[.)]\s/, take: (rest) => takeList(rest, "ol", /^\s*\d+[.)]\s+/) },
  { starts: /^\s*\|.*\|\s*$/, take: takeTable },
];

/** A Markdown text as a list of nodes. */
export function markdown(text) {
  const nodes = [];
  let rest = text.split("\n");
  while (rest.length) {
    const [node, after] = takeOne(rest);
    if (node) nodes.push(node);
    rest = after;
  }
  return nodes;
}

function takeOne(rest) {
  if (!rest[0].trim()) return [null, rest.slice(1)];
  const block = BLOCKS.find(({ starts }) => starts.test(rest[0]));
  return block ? block.take(rest) : takeParagraph(rest);
}

function takeParagraph(rest) {
  const end = endOf(rest, (line) => line.trim() && !BLOCKS.some(({ starts }) => starts.test(line)), 1);
  const own = rest.slice(0, end);
  return [
    h(
      "p",
      {},
      own.flatMap((line, index) => (index ? [h("br"), ...inline(line)] : inline(line))),
    ),
    rest.slice(end),
  ];
}

function takeFence(rest) {
  const close = rest.findIndex((line, index) => index > 0 && line.startsWith("```"));
  const end = close < 0 ? rest.length : close;
  return [h("pre", {}, h("code", {}, rest.slice(1, end).join("\n"))), rest.slice(end + 1)];
}

function takeHeading(rest) {
  const level = rest[0].match(/^#+/)[0].length;
  const words = inline(rest[0].replace(/^#+\s+/, "").replace(/\s#+$/, ""));
  return [
    h("div", { role: "heading", "aria-level": level + 2, class: `md-heading md-h${level}` }, words),
    rest.slice(1),
  ];
}

function takeQuote(rest) {
  const end = endOf(rest, (line) => line.startsWith(">"));
  return [
    h(
      "blockquote",
      {},
      markdown(
        rest
          .slice(0, end)
          .map((line) => line.replace(/^>\s?/, ""))
          .join("\n"),
      ),
    ),
    rest.slice(end),
  ];
}

function takeList(rest, tag, marker) {
  const end = endOf(rest, (line) => marker.test(line));
  const start = tag === "ol" ? Number.parseInt(rest[0], 10) : null;
  return [
    h(
      tag,
      { start },
      rest.slice(0, end).map((line) => listItem(line.replace(marker, ""))),
    ),
    rest.slice(end),
  ];
}

function listItem(text) {
  const task = text.match(/^\[( |x)\]\s+/i);
  if (!task) return h("li", {}, inline(text));
  const done = task[1].trim() !== "";
  return h(
    "li",
    { class: "task" },
    h("span", { role: "img", "aria-label": done ? "done" : "open" }, done ? "☑ " : "☐ "),
    inline(text.slice(task[0].length)),
  );
}

function takeTable(rest) {
  const end = endOf(rest, (line) => /^\s*\|.*\|\s*$/.test(line));
  const rows = rest.slice(0, end).map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  const ruled = rows[1]?.every((cell) => /^:?-+:?$/.test(cell));
  const body = ruled ? rows.slice(2) : rows;
  const head = ruled && h("thead", {}, tableRow(rows[0], "th"));
  return [
    h(
      "div",
      { class: "table-wrap" },
      h(
        "table",
        {},
        head,
        h(
          "tbody",
          {},
          body.map((row) => tableRow(row, "td")),
        ),
      ),
    ),
    rest.slice(end),
  ];
}

function tableRow(cells, tag) {
  return h(
    "tr",
    {},
    cells.map((cell) => h(tag, {}, inline(cell))),
  );
}

function endOf(rest, belongs, from = 0) {
  const end = rest.findIndex((line, index) => index >= from && !belongs(line));
  return end < 0 ? rest.length : end;
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) nodes.push(decode(text.slice(at, match.index)));
    nodes.push(token(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(decode(text.slice(at)));
  return nodes;
}

function token([, escaped, code, label, target, bracket, bold, italic, strike, shortcode, url]) {
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return h("code", {}, code);
  if (target !== undefined) return link(target, ...inline(label || target));
  if (bracket !== undefined) return angle(bracket, decode);
  if (bold !== undefined) return h("strong", {}, inline(bold));
  if (italic !== undefined) return h("em", {}, inline(italic));
  if (strike !== undefined) return h("s", {}, inline(strike));
  if (shortcode !== undefined) return emojiNode(shortcode);
  return link(url, url);
}
