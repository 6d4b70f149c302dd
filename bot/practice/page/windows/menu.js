/* A small menu under a button: arrows move, Enter chooses, Escape goes back to the button. */
import { floatUnder, h, restoreFocus } from "../dom.js";

let open = null;

export function closeMenu(focusButton = false) {
  if (!open) return;
  const { button, list, stop } = open;
  open = null;
  stop();
  list.remove();
  button.setAttribute("aria-expanded", "false");
  if (!focusButton) return;
  if (button.isConnected) button.focus({ preventScroll: true });
  else restoreFocus(document.body, { key: button.dataset.fk });
}

/** items: [{label, choose, danger}] */
export function openMenu(button, label, items) {
  const again = open?.button === button;
  closeMenu();
  if (again) return;
  const list = h("div", { role: "menu", "aria-label": label, class: "menu", popover: "manual" });
  for (const item of items) {
    list.append(h("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : null,
      on: {
        click: () => {
          closeMenu(true);
          item.choose();
        },
      },
    }, item.label));
  }
  const move = (step) => {
    const all = [...list.children];
    const at = all.indexOf(document.activeElement);
    all[(at + step + all.length) % all.length].focus();
  };
  list.addEventListener("keydown", (event) => {
    const keys = {
      ArrowDown: () => move(1), ArrowUp: () => move(-1),
      Home: () => list.firstChild.focus(), End: () => list.lastChild.focus(),
      Escape: () => closeMenu(true), Tab: () => closeMenu(true),
    };
    if (!keys[event.key]) return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  const outside = (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) closeMenu();
  };
  const moved = (event) => {
    if (!list.contains(event.target)) closeMenu();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", moved, true);
  (button.closest("dialog") || document.body).append(list);
  list.showPopover();
  floatUnder(button, list);
  button.setAttribute("aria-expanded", "true");
  open = {
    button, list,
    stop: () => {
      document.removeEventListener("pointerdown", outside, true);
      document.removeEventListener("scroll", moved, true);
    },
  };
  list.firstChild?.focus();
}

export function menuButton({ label, face, items, focusKey, className = "plain" }) {
  const button = h("button", {
    type: "button", class: className, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label,
    data: focusKey ? { fk: focusKey } : {},
  }, face);
  button.addEventListener("click", () => openMenu(button, label, items()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    openMenu(button, label, items());
  });
  return button;
}
