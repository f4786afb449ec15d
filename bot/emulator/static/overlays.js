// What lies above the page: toasts, alerts and the picture viewer.

import { element, icon } from "./dom.js";

const TOAST_TIME = 3500;

export function toast(place, text) {
  place.querySelectorAll(".toast").forEach((older) => older.remove());
  const made = element("div.toast", { testid: "toast", role: "status" }, text);
  place.append(made);
  setTimeout(() => {
    made.classList.add("leaving");
    made.addEventListener("animationend", () => made.remove());
    setTimeout(() => made.remove(), 400);
  }, TOAST_TIME);
}

export function alertBox(title, text) {
  const ok = element("button.primary", { testid: "alert-ok", onclick: () => dialog.close() }, "OK");
  const dialog = element(
    "dialog.alert",
    { testid: "alert", label: title },
    element("h2", {}, title),
    element("p", {}, text),
    ok,
  );
  show(dialog);
  ok.focus();
}

export function askText(title, label, button) {
  return new Promise((resolve) => {
    const input = element("input", { type: "text", maxlength: 64, autocomplete: "off", label });
    const form = element(
      "form",
      { method: "dialog" },
      element("h2", {}, title),
      input,
      element(
        "div.row",
        {},
        element("button.quiet", { onclick: () => dialog.close() }, "Cancel"),
        element("button.primary", { type: "submit" }, button),
      ),
    );
    form.addEventListener("submit", () => resolve(input.value.trim()));
    const dialog = element("dialog.alert", { testid: "ask", label: title }, form);
    dialog.addEventListener("close", () => resolve(""));
    show(dialog);
    input.focus();
  });
}

export function lightbox(address, name, caption) {
  const close = element("button.round", { label: "Close", onclick: () => dialog.close() }, icon("close"));
  const save = element(
    "a.round",
    { href: address, download: name, label: "Download", title: "Download" },
    icon("download"),
  );
  const picture = element("img", { src: address, alt: caption || "Picture" });
  const dialog = element(
    "dialog.lightbox",
    { testid: "lightbox", label: "Picture" },
    element("div.lightbox-bar", {}, save, close),
    picture,
    caption && element("p", {}, caption),
  );
  dialog.addEventListener("click", (event) => event.target !== save && !save.contains(event.target) && dialog.close());
  show(dialog);
}

function show(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
