// The head of a chat: the bot, what it is doing, who reads, and a menu.

import { avatar, element, fullName, icon } from "./dom.js";

export class Head {
  // `other` is whom the chat is with: the bot, or a group. `act` is what the head can do: { choose, close, block,
  // calls, theme }.
  constructor(owner, other, act) {
    this.act = act;
    this.kind = other.is_group ? "group" : "bot";
    this.status = element("span.status", { testid: "status" });
    this.menu = element("div.menu", { testid: "chat-menu", role: "menu", hidden: true }, ...this.#items());
    this.node = element(
      "header.chat-head",
      {},
      avatar(other),
      element("div.title", {}, element("h2", {}, fullName(other)), this.status),
      this.#who(owner),
      this.#more(),
      element(
        "button.round.close-column",
        { testid: "close-column", label: "Close this chat", title: "Close this chat", onclick: act.close },
        icon("close"),
      ),
      this.menu,
    );
    this.setStatus("");
  }

  #items() {
    const item = (testid, text, run) => element("button", { testid, role: "menuitem", onclick: run }, text);
    return [
      item("menu-block", "Block the bot", this.act.block),
      item("menu-calls", "Bot API calls", this.act.calls),
      item("menu-theme", "Dark or light", this.act.theme),
    ];
  }

  #who(owner) {
    const label = `Chatting as ${fullName(owner)}; choose another person`;
    return element(
      "button.who",
      { testid: "who", label, title: "Choose a person", onclick: this.act.choose },
      avatar(owner, "tiny"),
      element("span", {}, fullName(owner)),
      icon("down"),
    );
  }

  #more() {
    const show = (open) => {
      this.menu.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
    };
    const button = element(
      "button.round",
      { testid: "chat-more", label: "More", "aria-haspopup": "menu", onclick: () => show(this.menu.hidden) },
      icon("more"),
    );
    document.addEventListener("click", (event) => button.contains(event.target) || show(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
    return button;
  }

  // What the bot is doing now; empty for nothing.
  setStatus(text) {
    this.status.textContent = text ? `${text}…` : this.kind;
    this.status.classList.toggle("busy", text !== "");
  }
}
