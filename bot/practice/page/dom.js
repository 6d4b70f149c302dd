/* Small helpers to build the page. Text always becomes a text node, never markup. */

let counter = 0;

export function freshId(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** One element: h("p", {class: "note", on: {click: f}}, "text", child, null). */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, String(value));
  }
  add(node, children);
  return node;
}

export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

export const byId = (id) => document.getElementById(id);

/** Where the keyboard is, in words that survive a redraw: focus key, caret. */
export function focusPlace(root) {
  const active = document.activeElement;
  if (!active || active === document.body || !root.contains(active)) return null;
  const keyed = active.closest("[data-fk]");
  let caret = null;
  try {
    if (typeof active.selectionStart === "number") caret = [active.selectionStart, active.selectionEnd];
  } catch {
    caret = null;
  }
  return { key: keyed && root.contains(keyed) ? keyed.dataset.fk : null, caret };
}

/**
 * What stands where this key stood: the same one, or after a redraw that gave its block a new id, the same action of
 * the same message (keys are "surface|block|action").
 */
export function keyedNode(root, key) {
  const all = [...root.querySelectorAll("[data-fk]")];
  const same = all.find((node) => node.dataset.fk === key);
  const [surface, block, ...action] = key.split("|");
  if (same || !block || !action.length) return same || null;
  return all.find((node) => node.dataset.fk.startsWith(`${surface}|`) && node.dataset.fk.endsWith(`|${action.join("|")}`)) || null;
}

/** Puts the keyboard back where focusPlace found it; answers whether that place still exists. */
export function restoreFocus(root, place) {
  if (!place || !place.key) return false;
  const target = keyedNode(root, place.key);
  if (!target) return false;
  target.focus({ preventScroll: true });
  if (place.caret && typeof target.setSelectionRange === "function") {
    try {
      target.setSelectionRange(...place.caret);
    } catch {
      /* number and date boxes have no caret to restore */
    }
  }
  return true;
}

/** Lays a floating panel under (or above) its anchor, in the top layer so nothing cuts it off. */
export function floatUnder(anchor, panel, { sameWidth = false } = {}) {
  const box = anchor.getBoundingClientRect();
  const room = 8;
  panel.style.position = "fixed";
  panel.style.margin = "0";
  panel.style.minWidth = sameWidth ? `${box.width}px` : "";
  panel.style.maxWidth = `${window.innerWidth - 2 * room}px`;
  panel.style.maxHeight = "";
  const below = window.innerHeight - box.bottom - room;
  const above = box.top - room;
  const wanted = Math.min(panel.scrollHeight + 2, 320);
  const goUp = below < wanted && above > below;
  const height = Math.max(80, Math.min(wanted, goUp ? above : below));
  panel.style.maxHeight = `${height}px`;
  const width = panel.offsetWidth;
  const left = Math.max(room, Math.min(box.left, window.innerWidth - width - room));
  panel.style.left = `${left}px`;
  panel.style.top = goUp ? `${box.top - Math.min(panel.offsetHeight, height) - 2}px` : `${box.bottom + 2}px`;
}

export function debounce(wait, run) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), wait);
  };
}

/** Runs an async job one at a time; calls while it runs are merged into one more run. */
export function merged(job) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      try {
        do {
          again = false;
          await job();
        } while (again);
      } finally {
        running = null;
      }
    })();
    return running;
  };
}
