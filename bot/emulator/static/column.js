// One chat on the screen: its head, its messages and its composer, for one person.

import { act, sendFile, view } from "./api.js";
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { avatar, calm, copy, dayKey, dayName, element, icon, summary } from "./dom.js";
import { alertBox, toast } from "./overlays.js";

const NEAR_END = 60; // pixels from the end that still count as reading the newest message
const GROUP_TIME = 300; // seconds within which messages of one sender stand together
const TYPING_TIME = 5000; // milliseconds a chat action lasts

const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file" };

export class Column {
  // `owner` is the person who reads here, `chat` their private chat's id or a group's.
  constructor(owner, chat, bot, events) {
    this.owner = owner;
    this.chat = chat;
    this.bot = bot;
    this.events = events;
    this.messages = new Map();
    this.nodes = new Map();
    this.days = new Map();
    this.opened = new Map();
    this.pressed = new Map();
    this.votes = {};
    this.reactions = {};
    this.seen = 0;
    this.unread = 0;
    this.pinned = true;
    this.waiting = [];
    this.#build();
  }

  #build() {
    this.composer = new Composer(
      {
        say: (text) => this.say(text),
        sendFile: (file) => this.#try(sendFile({ user: this.owner.id, chat: this.chat }, file)),
        start: () => this.say("/start"),
        unblock: () => this.#block(false),
        cancelReply: () => this.#reply(null),
      },
      this.bot.first_name,
    );
    this.status = element("span.status", { testid: "status" });
    this.list = element("ol.messages", { testid: "messages", label: "Messages" });
    this.typing = element("div.typing", { testid: "typing", hidden: true }, element("span", {}, element("i"), element("i"), element("i")));
    this.empty = element("div.empty", { testid: "empty", hidden: true });
    this.scroll = element("div.scroll", { tabindex: 0, role: "region", label: "Chat history" }, this.empty, this.list, this.typing);
    this.count = element("span.count", { hidden: true });
    this.jump = element("button.round.jump", { testid: "jump", label: "Jump to the latest message", hidden: true, onclick: () => this.toEnd() }, icon("down"), this.count);
    this.toasts = element("div.toasts", { "aria-live": "polite" });
    this.news = element("div.offscreen", { "aria-live": "polite" });
    this.node = element(
      "section.column",
      { testid: "column", data: { userId: this.owner.id }, label: `Chat of ${this.owner.first_name} with ${this.bot.first_name}` },
      this.#head(),
      element("div.stage", {}, this.scroll, this.jump, this.toasts),
      this.composer.node,
      this.news,
    );
    this.scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const watcher = new ResizeObserver(() => this.pinned && this.toEnd());
    watcher.observe(this.list);
    watcher.observe(this.scroll);
    this.node.addEventListener("focusin", () => this.events.focused(this));
  }

  #head() {
    const menu = element("div.menu", { testid: "chat-menu", role: "menu", hidden: true }, ...this.#menuItems());
    const more = element("button.round", { testid: "chat-more", label: "More", "aria-haspopup": "menu", onclick: () => (menu.hidden = !menu.hidden) }, icon("more"));
    document.addEventListener("click", (event) => !more.contains(event.target) && (menu.hidden = true));
    const title = element("div.title", {}, element("h2", {}, this.bot.first_name), this.status);
    const who = element("button.who", { testid: "who", label: `Chatting as ${this.owner.first_name}; choose another person`, title: "Choose a person", onclick: () => this.events.choose(this) }, avatar(this.owner, "tiny"), element("span", {}, this.owner.first_name), icon("down"));
    const close = element("button.round.close-column", { testid: "close-column", label: "Close this chat", title: "Close this chat", onclick: () => this.events.close(this) }, icon("close"));
    this.setStatus("");
    return element("header.chat-head", {}, avatar(this.bot), title, who, more, close, menu);
  }

  #menuItems() {
    const item = (testid, text, run) => element("button", { testid, role: "menuitem", onclick: run }, text);
    return [
      item("menu-block", "Block the bot", () => this.#block(true)),
      item("menu-calls", "Bot API calls", () => this.events.calls()),
      item("menu-theme", "Dark or light", () => this.events.theme()),
    ];
  }

  setStatus(text) {
    this.status.textContent = text ? `${text}…` : "bot";
    this.status.classList.toggle("busy", text !== "");
  }

  // Fetches the chat anew. Events that come meanwhile wait, so that an older picture never covers a newer one.
  async load() {
    this.waiting = [];
    this.loading = true;
    const [chat, me] = await Promise.all([view(`chats/${this.chat}/messages?user=${this.owner.id}`), view(`me?user=${this.owner.id}&chat=${this.chat}`)]);
    Object.assign(this, { seen: chat.seen, votes: chat.votes, reactions: chat.reactions, blocked: chat.blocked });
    this.messages = new Map(chat.result.map((message) => [message.message_id, message]));
    this.nodes.clear();
    this.list.replaceChildren();
    for (const message of this.messages.values()) this.#draw(message);
    this.composer.setKeyboard(chat.keyboard);
    this.#describe(me.result);
    this.#arrange();
    this.loading = false;
    this.waiting.splice(0).forEach((event) => this.handle(event));
    this.toEnd();
  }

  async refreshProfile() {
    this.#describe((await view(`me?user=${this.owner.id}&chat=${this.chat}`)).result);
  }

  #describe(me) {
    this.composer.setCommands(me.commands);
    const about = me.description || `Say hello to ${me.first_name}: press Start.`;
    this.empty.replaceChildren(avatar(this.bot, "large"), element("h3", {}, me.first_name), element("p", {}, about));
  }

  // Something happened on the server.
  handle(event) {
    if (this.loading) return void this.waiting.push(event);
    if (event.chat !== this.chat) return;
    this[`on_${event.type}`]?.(event);
  }

  on_new({ message }) {
    this.messages.set(message.message_id, message);
    const node = this.#draw(message);
    if (!calm()) node.classList.add("arriving");
    const mine = message.from.id === this.owner.id;
    if (mine) this.pinned = true;
    else this.#arrived(message);
    this.#arrange();
    if (this.pinned) this.toEnd();
  }

  #arrived(message) {
    this.#showTyping("");
    this.news.textContent = `${message.from.first_name}: ${summary(message)}`;
    if (!this.pinned) this.#setUnread(this.unread + 1);
  }

  on_edited({ message }) {
    if (!this.messages.has(message.message_id)) return;
    this.messages.set(message.message_id, message);
    this.#keepingPlace(() => this.#draw(message));
    this.#arrange();
  }

  on_deleted({ message_id: id }) {
    this.messages.delete(id);
    this.nodes.get(id)?.remove();
    this.nodes.delete(id);
    this.#arrange();
  }

  on_action({ action }) {
    this.#showTyping(ACTIONS[action] || "working");
  }

  on_seen({ message_id: id }) {
    this.seen = id;
    for (const [each, message] of this.messages) {
      if (each <= id && message.from.id === this.owner.id) this.#draw(message);
    }
    this.#arrange();
  }

  on_answer({ user, message_id: id, text, show_alert: alert, url }) {
    if (user !== this.owner.id) return;
    this.#released(id);
    if (text && alert) alertBox(this.bot.first_name, text);
    else if (text) toast(this.toasts, text);
    if (url) this.#link(url) || window.open(url, "_blank", "noopener");
  }

  on_vote({ user, message_id: id, options }) {
    if (user === this.owner.id) this.votes[id] = options;
  }

  on_reaction({ message_id: id, emoji }) {
    this.reactions[id] = emoji;
    if (this.messages.has(id)) this.#draw(this.messages.get(id));
    this.#arrange();
  }

  on_keyboard({ keyboard }) {
    this.composer.setKeyboard(keyboard);
    this.#arrange();
  }

  on_blocked({ blocked }) {
    this.blocked = blocked;
    this.#arrange();
  }

  // Draws a message, in the place of its earlier form if there is one.
  #draw(message) {
    const id = message.message_id;
    const node = bubble(message, {
      mine: message.from.id === this.owner.id,
      group: this.chat < 0,
      seen: id <= this.seen,
      pressed: this.pressed.get(id),
      votes: this.votes[id] || [],
      reaction: this.reactions[id],
      act: this.#actsOf(message),
    });
    const old = this.nodes.get(id);
    if (old) old.replaceWith(node);
    else this.list.append(node);
    this.nodes.set(id, node);
    return node;
  }

  #actsOf(message) {
    if (!this.opened.has(message.message_id)) this.opened.set(message.message_id, new Set());
    return {
      opened: this.opened.get(message.message_id),
      command: (text) => this.say(text),
      link: (address) => this.#link(address),
      copied: (text) => copy(text).then(() => toast(this.toasts, "Copied")),
      press: (to, button) => this.#press(to, button),
      vote: (to, options) => this.#try(act("vote", { user: this.owner.id, chat: this.chat, message_id: to.message_id, options })),
      reply: (to) => this.#reply(to),
      jumpTo: (id) => this.#jumpTo(id),
    };
  }

  // Groups neighbours of one sender, puts the days between, and shows what the chat's state asks for.
  #arrange() {
    const days = new Set();
    let previous = null;
    for (const message of this.messages.values()) {
      const node = this.nodes.get(message.message_id);
      const day = dayKey(message.date);
      if (!days.has(day)) {
        days.add(day);
        if (!this.days.has(day)) this.days.set(day, element("li.day", {}, element("span", {}, dayName(message.date))));
        if (node.previousSibling !== this.days.get(day)) node.before(this.days.get(day));
      }
      const joined = previous && together(previous, message, this.chat);
      node.classList.toggle("first", !joined);
      if (previous) this.nodes.get(previous.message_id).classList.toggle("last", !joined);
      previous = message;
    }
    if (previous) this.nodes.get(previous.message_id).classList.add("last");
    for (const [day, node] of this.days) if (!days.has(day)) node.remove();
    const fresh = this.messages.size === 0;
    this.empty.hidden = !fresh;
    this.composer.setMode(this.blocked ? "unblock" : fresh ? "start" : "");
    this.setStatus(this.busy || "");
  }

  // Changes the page above the reader's eyes without moving what they read.
  #keepingPlace(change) {
    const before = this.scroll.scrollHeight - this.scroll.scrollTop;
    const anchor = [...this.nodes.values()].find((node) => node.offsetTop + node.offsetHeight > this.scroll.scrollTop);
    const top = anchor?.offsetTop;
    const id = anchor && Number(anchor.dataset.messageId);
    change();
    if (this.pinned) return this.toEnd();
    const now = this.nodes.get(id);
    if (now) this.scroll.scrollTop += now.offsetTop - top;
    else this.scroll.scrollTop = this.scroll.scrollHeight - before;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    this.pinned = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.jump.hidden = this.pinned;
    if (this.pinned) this.#setUnread(0);
  }

  #setUnread(count) {
    this.unread = count;
    this.count.textContent = count;
    this.count.hidden = count === 0;
  }

  toEnd() {
    this.pinned = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.#setUnread(0);
    this.jump.hidden = true;
  }

  #jumpTo(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 1500);
  }

  #showTyping(what) {
    clearTimeout(this.typingTimer);
    this.busy = what;
    this.setStatus(what);
    this.typing.hidden = what === "";
    if (this.pinned) this.toEnd();
    if (what) this.typingTimer = setTimeout(() => this.#showTyping(""), TYPING_TIME);
  }

  // What the person does

  async say(text) {
    const parameters = { user: this.owner.id, chat: this.chat, text };
    if (this.replyTo) parameters.reply_to = this.replyTo.message_id;
    const said = await this.#try(act("message", parameters));
    if (said) this.#reply(null);
    return said;
  }

  async #try(promise) {
    try {
      await promise;
      return true;
    } catch (error) {
      toast(this.toasts, error.message);
      return false;
    }
  }

  #reply(message) {
    this.replyTo = message;
    this.composer.setReply(message?.from.first_name, message && summary(message));
  }

  async #press(message, button) {
    if (button.copy_text) return copy(button.copy_text.text).then(() => toast(this.toasts, "Copied"));
    if (button.url) return void (this.#link(button.url) || window.open(button.url, "_blank", "noopener"));
    if (button.callback_data === undefined) return toast(this.toasts, "This kind of button works in Telegram only.");
    const id = message.message_id;
    if (this.pressed.has(id)) return;
    this.pressed.set(id, button.callback_data);
    this.#draw(this.messages.get(id));
    this.#arrange();
    this.nodes.get(id).querySelector("[aria-busy]")?.focus({ preventScroll: true });
    await this.#try(act("press", { user: this.owner.id, chat: this.chat, message_id: id, button: button.callback_data }));
    this.#released(id);
  }

  #released(id) {
    if (!this.pressed.delete(id) || !this.messages.has(id)) return;
    for (const key of this.nodes.get(id).querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
  }

  // A t.me link to this bot with a start payload is pressed like in Telegram: it sends /start with the payload.
  #link(address) {
    const match = /^(?:https?:\/\/)?t\.me\/(\w+)\/?\?start=([\w-]{1,64})$/i.exec(address);
    if (!match || match[1].toLowerCase() !== this.bot.username.toLowerCase()) return false;
    this.say(`/start ${match[2]}`);
    return true;
  }

  async #block(blocked) {
    await this.#try(act("block", { user: this.owner.id, blocked }));
    if (!blocked && this.messages.size) this.say("/start");
  }
}

function together(earlier, later, chat) {
  return (
    earlier.from.id === later.from.id &&
    later.date - earlier.date < GROUP_TIME &&
    dayKey(earlier.date) === dayKey(later.date) &&
    (chat > 0 || !later.migrate_from_chat_id)
  );
}
