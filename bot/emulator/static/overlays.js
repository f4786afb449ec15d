// What lies above the page: toasts, alerts, questions and the picture viewer.

import { avatar, element, fullName, icon } from "./dom.js";

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

// Shows a picture before it is sent and asks what to write under it; null when the reader thinks better of it.
export function askCaption(file) {
  return new Promise((resolve) => {
    const address = URL.createObjectURL(file);
    const input = element("input", { type: "text", autocomplete: "off", placeholder: "Caption", label: "Caption" });
    const form = element(
      "form",
      { method: "dialog" },
      element("h2", {}, "Send a photo"),
      element("img.preview", { src: address, alt: file.name }),
      input,
      element(
        "div.row",
        {},
        element("button.quiet", { onclick: () => dialog.close() }, "Cancel"),
        element("button.primary", { type: "submit", testid: "photo-send" }, "Send"),
      ),
    );
    form.addEventListener("submit", () => resolve(input.value.trim()));
    const dialog = element("dialog.alert", { testid: "photo-dialog", label: "Send a photo" }, form);
    dialog.addEventListener("close", () => {
      URL.revokeObjectURL(address);
      resolve(null);
    });
    show(dialog);
    input.focus();
  });
}

export const SOMEBODY_NEW = "new";

// Asks who opens a link: one of the people, SOMEBODY_NEW, or null for nobody. `likely` is the one who saw it.
export function askWho(link, people, likely) {
  return new Promise((resolve) => {
    const choose = (who) => {
      resolve(who);
      dialog.close();
    };
    const row = (testid, who, ...content) =>
      element("button.person", { testid, autofocus: who.id === likely?.id, onclick: () => choose(who) }, ...content);
    const rows = people.map((person) =>
      row(
        `open-as-${person.id}`,
        person,
        avatar(person, "small"),
        element("strong", {}, fullName(person)),
        element("small", {}, person.id === likely?.id ? "this chat" : person.username && `@${person.username}`),
      ),
    );
    const added = element("span.avatar.small.nobody", { "aria-hidden": "true" }, icon("plus"));
    const dialog = element(
      "dialog.alert.chooser",
      { testid: "open-as", label: "Open this link as…" },
      element("h2", {}, "Open this link as…"),
      element("p.chooser-link", {}, link.replace(/^https?:\/\//, "")),
      element(
        "div.chooser-list",
        {},
        ...rows,
        row("open-as-new", SOMEBODY_NEW, added, element("strong", {}, "A new person")),
      ),
      element("div.row", {}, element("button.quiet", { onclick: () => dialog.close() }, "Cancel")),
    );
    dialog.addEventListener("close", () => resolve(null));
    show(dialog);
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
