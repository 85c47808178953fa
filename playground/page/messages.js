// One message, and a list of messages with the lines between days. Used by the channel and the
// thread panel alike.

import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { statusMark } from "./accounts.js";
import { drawBlocks } from "./blocks.js";
import { carry } from "./controls.js";
import { ago, clock, dayHeading, fullTime, times } from "./dates.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { deleteMessage } from "./room.js";
import { permalink } from "./route.js";
import { dropEphemeral, nameOf, person, repliesOf, store, update } from "./state.js";
import { toast } from "./toasts.js";
import { cannotDraw } from "./undrawn.js";
import { mentionsMe } from "./unread.js";

const CLOSE_BY = 300; // seconds within which one person's messages stand under one name

/** Bring `list` up to date with `messages`; inThread leaves out thread links and day lines. */
export function drawList(list, messages, inThread) {
  const items = messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const newDay = !inThread && (!before || dayHeading(before.ts) !== dayHeading(message.ts));
    const one = item(message, { inThread, compact: !newDay && follows(before, message) });
    return newDay ? [dayLine(message.ts), one] : [one];
  });
  reconcile(list, items, carry);
}

function item(message, how) {
  const thread = how.inThread ? null : threadFacts(message);
  const sig = JSON.stringify([message, how, thread, ...times(), person(message.user).status]);
  return {
    key: `${message.ephemeral ? "e" : "m"}${message.ts}`,
    sig,
    draw: () => drawMessage(message, how, thread),
  };
}

function follows(before, message) {
  const plain = (one) => one && !one.blocks && !one.ephemeral && !one.reply_count && !one.deleted;
  return (
    plain(before) &&
    plain(message) &&
    before.user === message.user &&
    Number(message.ts) - Number(before.ts) < CLOSE_BY
  );
}

function dayLine(ts) {
  const words = dayHeading(ts);
  return {
    key: `day ${words}`,
    sig: words,
    draw: () => h("div", { class: "day", role: "separator" }, h("span", {}, words)),
  };
}

function threadFacts(message) {
  const replies = repliesOf(message.channel, message.ts);
  const open = replies.filter((one) => !one.ephemeral);
  return {
    count: open.length || message.reply_count || 0,
    hidden: replies.length - open.length,
    users: [...new Set(open.map((one) => one.user))].slice(0, 3),
    last: open.at(-1)?.ts,
  };
}

function drawMessage(message, { compact, inThread }, thread) {
  const classes = [
    "message",
    compact && "compact",
    message.deleted && "deleted",
    message.ephemeral && "ephemeral",
    message.user !== store.as && mentionsMe(message) && "for-me",
  ];
  return h(
    "article",
    {
      class: classes.filter(Boolean).join(" "),
      tabindex: -1,
      "aria-label": `${message.deleted ? "Deleted" : nameOf(message.user)}, ${clock(message.ts)}`,
      data: {
        ts: message.ts,
        user: message.user,
        surface: "message",
        ephemeral: message.ephemeral ? "true" : null,
        threadTs: message.thread_ts,
      },
    },
    inFront(message, compact),
    h(
      "div",
      { class: "message-body" },
      message.ephemeral && onlyYou(message),
      !compact && !message.deleted && byline(message),
      !inThread && broadcastNote(message),
      content(message),
      thread && threadLink(message, thread),
    ),
    !message.ephemeral && tools(message, inThread),
  );
}

function inFront(message, compact) {
  if (message.deleted) return h("span", { class: "avatar stone" }, icon("trash"));
  if (!compact) return avatar(message.user);
  return h("time", { class: "side-time", title: fullTime(message.ts) }, clock(message.ts));
}

function onlyYou(message) {
  return h(
    "p",
    { class: "only-you" },
    icon("eye"),
    "Only visible to you",
    h(
      "button",
      { type: "button", class: "text-button", on: { click: () => dropEphemeral(message.ts) } },
      "Dismiss",
    ),
  );
}

function byline(message) {
  const app = person(message.user).is_bot && h("span", { class: "app-mark" }, "App");
  return h(
    "header",
    { class: "byline" },
    h("strong", { class: "author" }, nameOf(message.user)),
    app,
    statusMark(message.user),
    h("time", { title: fullTime(message.ts) }, clock(message.ts)),
  );
}

function broadcastNote(message) {
  if (!message.broadcast) return null;
  return h(
    "p",
    { class: "quiet" },
    "replied to ",
    h(
      "button",
      { type: "button", class: "text-button", on: { click: () => openThread(message.thread_ts) } },
      "a thread",
    ),
  );
}

function content(message) {
  const { channel, ts, ephemeral } = message;
  const origin = { channel, ts, ...(ephemeral && { ephemeral: true }) };
  const attached = (message.attachments ?? []).map((one) => drawAttachment(one, { origin }));
  if (message.blocks?.length)
    return [h("div", { class: "blocks" }, drawBlocks(message.blocks, { origin })), attached];
  const edited = message.edited && h("small", { class: "edited" }, " (edited)");
  return [h("div", { class: "text plain" }, mrkdwn(message.text ?? ""), edited), attached];
}

// The old way to hang something under a message; only what apps still use of it.
function drawAttachment(one, surface) {
  const words = [one.pretext, one.title, one.text]
    .filter(Boolean)
    .map((text) => h("div", { class: "text" }, mrkdwn(text)));
  const node = h(
    "div",
    { class: "attachment" },
    words,
    one.blocks && h("div", { class: "blocks" }, drawBlocks(one.blocks, surface)),
    !words.length && !one.blocks && cannotDraw("attachment"),
  );
  if (one.color) node.style.borderInlineStartColor = one.color;
  return node;
}

function threadLink(message, { count, hidden, users, last }) {
  if (!count && !hidden) return null;
  const words = count ? `${count} ${count === 1 ? "reply" : "replies"}` : "A reply";
  return h(
    "button",
    {
      type: "button",
      class: "thread-link",
      data: { testid: "thread-link" },
      on: { click: () => openThread(message.ts) },
    },
    h(
      "span",
      { class: "faces" },
      users.map((id) => avatar(id, "small")),
    ),
    h("strong", {}, words),
    hidden > 0 && h("span", { class: "quiet" }, "with one only you can see"),
    last && h("span", { class: "quiet" }, `last reply ${ago(new Date(Number(last) * 1000))}`),
  );
}

// Show a thread in the side panel and put the focus into its reply line.
function openThread(ts) {
  update({ thread: ts });
  document.querySelector("#thread-composer textarea")?.focus();
}

function tools(message, inThread) {
  const reply =
    !inThread && tool("Reply in thread", "thread", () => openThread(message.thread_ts ?? message.ts));
  return h(
    "div",
    { class: "tools", role: "group", "aria-label": "Message" },
    reply,
    tool("Copy link", "link", () => copyLink(message)),
    !message.deleted &&
      tool("Delete message", "trash", (event) => deleteMessage(message, event.currentTarget)),
  );
}

function tool(label, name, run) {
  return h(
    "button",
    { type: "button", class: "icon-button small", "aria-label": label, title: label, on: { click: run } },
    icon(name),
  );
}

async function copyLink(message) {
  const url = permalink(message.channel, message.ts);
  try {
    await navigator.clipboard.writeText(url);
    toast("Link copied");
  } catch {
    toast(`The browser did not allow copying. The link is ${url}`, "error");
  }
}
