// Small helpers that build and keep DOM nodes. Everything on the page is made here from nodes and
// text; nothing takes markup as a string, so data can never become markup.

const SVG = "http://www.w3.org/2000/svg";
const FOCUSABLE = "button, a[href], input, select, textarea, summary, [tabindex]";
const signatures = new WeakMap();

/** Build an HTML element. props: attributes, plus `on` (listeners) and `data` (data-… attributes). */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Build an SVG element, same properties as `h`. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, { on = {}, data = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  for (const [name, value] of Object.entries(data)) if (value != null) node.dataset[name] = value;
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}

function setAttribute(node, name, value) {
  if (value == null || value === false) return;
  node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Make `parent` hold exactly `items` ({key, sig, draw}) in order. A node whose signature is unchanged
 * is left alone, so focus, half-typed text and open menus survive; `carry(old, fresh)` moves what a
 * redrawn node should keep.
 */
export function reconcile(parent, items, carry = () => {}) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let cursor = parent.firstElementChild;
  for (const { key, sig, draw } of items) {
    const before = old.get(key);
    old.delete(key);
    const node = before && signatures.get(before) === sig ? before : redraw(key, sig, draw, before, carry);
    if (node === cursor || before === cursor)
      cursor = (before === cursor && before !== node ? node : cursor).nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const gone of old.values()) gone.remove();
}

function redraw(key, sig, draw, before, carry) {
  const node = draw();
  node.dataset.key = key;
  signatures.set(node, sig);
  if (before) {
    const focus = focusKey(before);
    before.replaceWith(node);
    carry(before, node);
    restoreFocus(node, focus);
  }
  return node;
}

/** What identifies the focused element inside `root`, or null when the focus is elsewhere. */
export function focusKey(root) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const holder = active?.closest("[data-action-id]");
  return (
    active && {
      block: holder?.dataset.blockId,
      action: holder?.dataset.actionId,
      caret: active.selectionStart,
    }
  );
}

/** Put the focus on the same control of the redrawn `root`, or on `root` when that control is gone. */
export function restoreFocus(root, focus) {
  if (!focus || root.contains(document.activeElement)) return;
  const alike = [...root.querySelectorAll("[data-action-id]")].filter(
    (node) => node.dataset.actionId === focus.action,
  );
  const same = alike.find((node) => node.dataset.blockId === focus.block) ?? alike[0];
  const target = focusable(same) ?? focusable(root);
  target?.focus({ preventScroll: true });
  if (typeof focus.caret === "number" && target?.type === "text")
    target.setSelectionRange(focus.caret, focus.caret);
}

function focusable(node) {
  return node?.matches(FOCUSABLE) ? node : node?.querySelector(FOCUSABLE);
}

/**
 * Keep a scroller at its end while its content or size changes, as long as the reader is there.
 * Returns {atEnd(), toEnd()}.
 */
export function stickToEnd(scroller) {
  let stuck = true;
  let lastTop = 0;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
    stuck = true;
  };
  const follow = () => stuck && toEnd();
  const observer = new ResizeObserver(follow);
  for (const node of [scroller, ...scroller.children]) observer.observe(node);
  scroller.addEventListener("scroll", () => {
    const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
    // Only the reader moves up; new content alone must not unstick the list.
    if (near || scroller.scrollTop < lastTop) stuck = near;
    lastTop = scroller.scrollTop;
  });
  return { atEnd: () => stuck, toEnd };
}

/** Arrow keys, Home and End move the focus among `items()`; true when the key was one of them. */
export function moveFocus(event, items) {
  const nodes = items();
  const at = nodes.indexOf(document.activeElement);
  const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: nodes.length - 1 }[event.key];
  if (step === undefined || !nodes.length) return false;
  event.preventDefault();
  nodes[(step + nodes.length) % nodes.length].focus();
  return true;
}

let serial = 0;
/** A document-wide unique id, for labels and descriptions. */
export function uid(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}
