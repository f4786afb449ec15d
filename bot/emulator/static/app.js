// The page: side bar, one to three chats, the drawer with the calls, and the live stream that feeds them all.

import { listen, view } from "./api.js";
import { Calls } from "./calls.js";
import { Column } from "./column.js";
import { startLink, startPayload } from "./links.js";
import { alertBox, askWho, SOMEBODY_NEW } from "./overlays.js";
import { People } from "./people.js";
import { remember, settings, toggleTheme } from "./settings.js";

const NARROW = matchMedia("(max-width: 760px)");

class Page {
  constructor() {
    this.columns = [];
    this.place = document.getElementById("columns");
    this.callsNode = document.getElementById("calls");
    this.offline = document.getElementById("offline");
    this.peopleNode = document.getElementById("people");
    this.people = new People(this.peopleNode, {
      open: (person, chat) => this.open(person, chat),
      columns: (count) => this.setColumns(count),
      calls: () => this.showCalls(!settings.calls),
      theme: () => this.theme(),
    });
    this.calls = new Calls(this.callsNode, () => this.showCalls(false));
    this.callsNode.hidden = !settings.calls;
    NARROW.addEventListener("change", () => this.arrange());
    this.peopleNode.addEventListener("click", (event) => event.target === this.peopleNode && this.choose(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.choose(false));
  }

  // Everything anew from the server: at the start, after a lost connection, after a reset.
  async load() {
    const [bot, people, chats, calls] = await Promise.all(["me", "people", "chats", "calls"].map(view));
    this.bot = bot.result;
    document.title = this.bot.first_name;
    this.people.setPeople(people.result);
    this.people.setChats(chats.result);
    this.calls.add(calls.result.slice(-100));
    this.offline.hidden = true;
    this.columns.forEach((column) => column.node.remove());
    this.columns = [];
    await this.arrange();
    this.openOwnLink();
  }

  // Opens as many chats as the reader wants and the screen can hold.
  async arrange() {
    const count = NARROW.matches ? 1 : settings.columns;
    while (this.columns.length > count) this.columns.pop().node.remove();
    const wanted = [...settings.open, ...this.people.people.map((person) => [person.id, person.id])];
    for (const [user, chat] of wanted) {
      if (this.columns.length >= count) break;
      const person = this.people.people.find((each) => each.id === user);
      if (person && !this.find(person, chat)) await this.add(person, chat);
    }
    this.active = this.columns.includes(this.active) ? this.active : this.columns[0];
    this.changed();
  }

  async add(person, chat, at = this.columns.length) {
    const column = new Column(person, chat, this.people.title(chat), this.bot, {
      focused: (which) => this.focus(which),
      choose: (which) => {
        this.focus(which);
        this.choose(true);
      },
      close: (which) => this.close(which),
      openLink: (which, link) => this.openLink(link, which.owner),
      calls: () => this.showCalls(!settings.calls),
      theme: () => this.theme(),
    });
    this.columns[at]?.node.replaceWith(column.node);
    if (!column.node.isConnected) this.place.append(column.node);
    this.columns[at] = column;
    await column.load();
    return column;
  }

  // Shows a person's chat: where it stands already, or in the column used last.
  async open(person, chat) {
    this.choose(false);
    const place = Math.max(this.columns.indexOf(this.active), 0);
    this.active = this.find(person, chat) || (await this.add(person, chat, place));
    this.changed();
    this.active.composer.field.focus();
  }

  // A start link does what it does in Telegram once START is pressed, for whomever the reader chooses.
  async openLink(link, likely) {
    const chosen = await askWho(link, this.people.people, likely);
    const person = chosen === SOMEBODY_NEW ? await this.people.create("A new person", "Start") : chosen;
    if (!person) return;
    await this.open(person, person.id);
    this.active.start(link);
  }

  // The page's own address can carry a start payload, too. It is used once: a reload does not ask again.
  openOwnLink() {
    const payload = new URLSearchParams(location.search).get("start");
    if (payload === null) return;
    window.history.replaceState(null, "", location.pathname);
    const link = startLink(this.bot.username, payload);
    if (startPayload(link, this.bot.username) === payload) this.openLink(link, this.active?.owner);
    else alertBox("This link does not work", "What follows start= must be 1 to 64 letters, digits, _ or -.");
  }

  find(person, chat) {
    return this.columns.find((column) => column.owner.id === person.id && column.chat === chat);
  }

  close(column) {
    column.node.remove();
    this.columns = this.columns.filter((each) => each !== column);
    remember({ columns: Math.max(this.columns.length, 1) });
    this.arrange();
  }

  setColumns(count) {
    remember({ columns: count });
    this.arrange();
  }

  focus(column) {
    this.active = column;
    this.columns.forEach((each) => each.node.classList.toggle("active", each === column));
  }

  changed() {
    if (this.active) this.focus(this.active);
    this.place.dataset.count = this.columns.length;
    remember({ open: this.columns.map((column) => [column.owner.id, column.chat]) });
    this.people.show(this.columns);
  }

  // On a narrow screen the side bar lies above the chat.
  choose(open) {
    this.peopleNode.classList.toggle("open", open);
    if (open) this.peopleNode.querySelector(".person")?.focus();
  }

  showCalls(open) {
    remember({ calls: open });
    this.callsNode.hidden = !open;
    this.people.draw();
  }

  theme() {
    toggleTheme();
    this.people.draw();
  }

  async handle(event) {
    if (event.type === "call") return this.calls.add([event.call]);
    if (event.type === "reset") {
      this.calls.clear();
      return this.load();
    }
    if (event.type === "people") return this.people.setPeople((await view("people")).result);
    if (event.type === "profile") return this.columns.forEach((column) => column.refreshProfile());
    const isNew = event.type === "new";
    if (isNew || (event.type === "edited" && this.isLast(event))) this.people.note(event.chat, event.message, isNew);
    this.columns.forEach((column) => column.handle(event));
  }

  isLast({ chat, message }) {
    return this.people.last.get(chat)?.message_id === message.message_id;
  }

  start() {
    listen({
      onEvent: (event) => this.handle(event),
      onOpen: () => this.load(),
      onLost: () => (this.offline.hidden = false),
    });
  }
}

new Page().start();
