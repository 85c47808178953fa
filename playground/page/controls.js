// The live form controls on the page: reading what a person chose (for state.values), and carrying
// it over when the app updates a message or view but keeps block_id and action_id, as Slack does.

const controls = new WeakMap(); // holder node → {read, write, touched}

/** Register a control; `holder` carries data-block-id and data-action-id. Returns the holder. */
export function control(holder, { read, write }) {
  const entry = { read, write, touched: false };
  const touch = () => {
    entry.touched = true;
  };
  holder.addEventListener("input", touch);
  holder.addEventListener("change", touch);
  controls.set(holder, entry);
  return holder;
}

/** {block_id: {action_id: value}} of every control below `root`. */
export function collect(root) {
  const state = {};
  for (const node of holders(root)) {
    const { blockId, actionId } = node.dataset;
    state[blockId] = { ...state[blockId], [actionId]: controls.get(node).read() };
  }
  return state;
}

/** Give the controls of a redrawn surface what the person had already entered in the old one. */
export function carry(from, to) {
  const fresh = new Map(holders(to).map((node) => [nameOf(node), node]));
  for (const node of holders(from)) {
    const same = fresh.get(nameOf(node));
    const entry = controls.get(node);
    if (!same || !entry.touched) continue;
    controls.get(same).write(entry.read());
    controls.get(same).touched = true;
  }
}

function holders(root) {
  return [...root.querySelectorAll("[data-action-id]")].filter((node) => controls.has(node));
}

function nameOf(node) {
  return JSON.stringify([node.dataset.blockId, node.dataset.actionId]);
}
