// The side bar: who one can be, with the last message of each chat.

import { act } from "./api.js";
import { avatar, clock, element, fullName, icon, summary } from "./dom.js";
import { askText } from "./overlays.js";
import { isDark, settings } from "./settings.js";

export class People {
  // `events` is what the side bar can do: { open(person, chat), columns(n), calls(), theme() }.
  constructor(node, events) {
    this.node = node;
    this.events = events;
    this.people = [];
    this.last = new Map();
    this.groups = new Map();
    this.unread = new Map();
    this.shown = new Set();
    this.list = element("nav.people-list", { label: "Chats" });
    this.tools = element("div.people-tools");
    const add = element(
      "button.round",
      { testid: "add-person", label: "Add a person", title: "Add a person", onclick: () => this.#add() },
      icon("plus"),
    );
    node.append(element("header.people-head", {}, element("h1", {}, "Chats"), add), this.list, this.tools);
    this.#drawTools();
  }

  #drawTools() {
    const layouts = ["one", "two", "three"].map((name, at) =>
      element(
        "button",
        {
          testid: `columns-${at + 1}`,
          label: `${at + 1} side by side`,
          title: `${at + 1} side by side`,
          "aria-pressed": String(settings.columns === at + 1),
          onclick: () => this.events.columns(at + 1),
        },
        icon(name),
      ),
    );
    const calls = element(
      "button.round",
      {
        testid: "calls-toggle",
        label: "Bot API calls",
        title: "Bot API calls",
        "aria-pressed": String(settings.calls),
        onclick: this.events.calls,
      },
      icon("terminal"),
    );
    const theme = element(
      "button.round",
      { testid: "theme", label: "Dark or light", title: "Dark or light", onclick: this.events.theme },
      icon(isDark() ? "sun" : "moon"),
    );
    this.tools.replaceChildren(element(
      "div.segments",
      { role: "group", label: "Chats side by side" },
      ...layouts,
    ), calls, theme);
  }

  setPeople(people) {
    this.people = people;
    this.draw();
  }

  setChats(chats) {
    this.last.clear();
    this.groups.clear();
    for (const { chat, members, last } of chats) {
      this.last.set(chat.id, last);
      if (chat.type !== "private") this.groups.set(chat.id, { chat, members });
    }
    this.draw();
  }

  // Notes the last message of a chat; a new one that nobody looks at counts as unread.
  note(chat, message, isNew) {
    this.last.set(chat, message);
    if (isNew && !this.shown.has(chat) && message.from.is_bot) this.unread.set(chat, (this.unread.get(chat) || 0) + 1);
    if (message.chat.type !== "private") this.#noteMember(message);
    this.draw();
  }

  #noteMember(message) {
    const group = this.groups.get(message.chat.id) || { chat: message.chat, members: [] };
    if (!message.from.is_bot && !group.members.includes(message.from.id)) group.members.push(message.from.id);
    this.groups.set(message.chat.id, group);
  }

  // A group's title; empty for a private chat.
  title(chat) {
    return this.groups.get(chat)?.chat.title || "";
  }

  // Which chats stand on the screen now: pairs of person and chat.
  show(columns) {
    this.shown = new Set(columns.map((column) => column.chat));
    this.open = new Set(columns.map((column) => `${column.owner.id}:${column.chat}`));
    for (const chat of this.shown) this.unread.delete(chat);
    this.draw();
  }

  draw() {
    const rows = this.people.map((person) => this.#row(person, person.id, fullName(person)));
    for (const { chat, members } of this.groups.values()) {
      const there = this.people.filter((person) => members.includes(person.id));
      rows.push(...there.map((person) => this.#row(person, chat.id, `${fullName(person)} in ${chat.title}`)));
    }
    this.list.replaceChildren(...rows);
    this.#drawTools();
  }

  #row(person, chat, name) {
    const last = this.last.get(chat);
    const unread = this.unread.get(chat) || 0;
    const own = last?.from.id === person.id ? "You: " : "";
    return element(
      "button.person",
      {
        testid: `person-${chat}`,
        "aria-current": this.open?.has(`${person.id}:${chat}`) ? "true" : undefined,
        onclick: () => this.events.open(person, chat),
      },
      avatar(person),
      element(
        "span.person-text",
        {},
        element("span.person-line", {}, element("strong", {}, name), last && element("time", {}, clock(last.date))),
        element(
          "span.person-line",
          {},
          element("span", {}, last ? own + summary(last) : "No messages yet"),
          unread > 0 && element("span.badge", { testid: "unread", label: `${unread} unread` }, unread),
        ),
      ),
    );
  }

  // Asks for the name of somebody new; null when the reader thinks better of it.
  async create(title, button) {
    const name = await askText(title, "Name", button);
    if (!name) return null;
    const [first, ...others] = name.split(/\s+/);
    return act("person", { name: first, last_name: others.join(" ") });
  }

  async #add() {
    const person = await this.create("Add a person", "Add");
    if (person) this.events.open(person, person.id);
  }
}
