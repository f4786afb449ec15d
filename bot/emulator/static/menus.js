// Small menus that open where the reader pressed.

import { element, icon } from "./dom.js";

const GAP = 8; // pixels a menu keeps from the edges of the window

let close = null; // takes the open menu away; null while there is none

// `items` are [testid, icon, text, run]; `at` is an event or an element; false ones are left out.
export function openMenu(testid, at, items) {
  closeMenu();
  const before = document.activeElement;
  const rows = items.filter(Boolean).map(([name, picture, text, run]) =>
    element(
      "button",
      {
        testid: name,
        role: "menuitem",
        onclick: () => {
          closeMenu();
          run();
        },
      },
      icon(picture),
      text,
    ),
  );
  const menu = element("div.menu.floating", { testid, role: "menu" }, ...rows);
  document.body.append(menu);
  place(menu, at);
  rows[0].focus({ preventScroll: true });
  const away = (event) => menu.contains(event.target) || closeMenu();
  const key = (event) => onKey(event, rows, before);
  close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", away, true);
    document.removeEventListener("keydown", key, true);
    window.removeEventListener("resize", closeMenu);
  };
  document.addEventListener("pointerdown", away, true);
  document.addEventListener("keydown", key, true);
  window.addEventListener("resize", closeMenu);
}

export function closeMenu() {
  close?.();
  close = null;
}

function onKey(event, rows, before) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    closeMenu();
    before?.focus({ preventScroll: true });
  } else if (step) {
    const now = rows.indexOf(document.activeElement);
    rows[(now + step + rows.length) % rows.length].focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

// Below the place where there is room, above it where there is none, and never over an edge.
function place(menu, at) {
  const box = at instanceof Element ? at.getBoundingClientRect() : new DOMRect(at.clientX, at.clientY, 0, 0);
  const { width, height } = menu.getBoundingClientRect();
  const left = at instanceof Element ? box.right - width : box.left;
  const top = box.bottom + GAP + height > innerHeight ? box.top - height - GAP : box.bottom + GAP / 2;
  menu.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  menu.style.top = `${Math.max(GAP, top)}px`;
}
