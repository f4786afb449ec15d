// One chat of one person: what the server tells about it, and what the person does in it.

import { act, sendFile, view } from "./api.js";
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { copy, element, fullName, summary } from "./dom.js";
import { moved, pieces } from "./edits.js";
import { Head } from "./head.js";
import { History } from "./history.js";
import { openBeside, startPayload } from "./links.js";
import { openMenu } from "./menus.js";
import { alertBox, askCaption, toast } from "./overlays.js";

const TYPING_TIME = 5000; // milliseconds a chat action lasts
const LONGEST_TEXT = 4096; // characters of one message
const BETWEEN_PIECES = 50; // milliseconds after which an app sends the rest of a longer text
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file", upload_video: "sending a film" };

export class Column {
  // `owner` is the person who reads here, `chat` the id of their private chat or of the group called `title`.
  // `events` tells the page: { focused, choose, close, openLink, calls, theme }.
  constructor(owner, chat, title, bot, events) {
    Object.assign(this, { owner, chat, bot, events });
    this.opened = new Map(); // what the reader unfolded, by message
    this.pressed = new Map(); // the button that waits for the bot, by message
    this.votes = {};
    this.reactions = {};
    this.seen = 0;
    this.waiting = [];
    this.head = new Head(owner, title ? { id: chat, first_name: title, is_group: true } : bot, {
      choose: () => events.choose(this),
      close: () => events.close(this),
      block: () => this.#block(true),
      calls: events.calls,
      theme: events.theme,
    });
    this.history = new History((message) => this.#draw(message));
    this.composer = new Composer(
      {
        say: (text) => this.say(text),
        submit: (text) => (this.editing ? this.#change(this.editing, text) : this.say(text)),
        sendFile: (file) => this.#try(sendFile("document", this.#own(), file)),
        sendPhoto: (file) => this.#sendPhoto(file),
        sendSticker: () => this.#try(act("sticker", this.#own())),
        sendVoice: () => this.#try(act("voice", this.#own())),
        editLast: () => this.#editLast(),
        start: () => this.say("/start"),
        unblock: () => this.#block(false),
        cancel: () => (this.editing ? this.#edit(null) : this.#reply(null)),
      },
      bot.first_name,
    );
    this.toasts = element("div.toasts", { "aria-live": "polite" });
    this.news = element("div.offscreen", { testid: "news", "aria-live": "polite" });
    this.node = element(
      "section.column",
      { testid: "column", data: { userId: owner.id }, label: `Chat of ${fullName(owner)} with ${bot.first_name}` },
      this.head.node,
      element("div.stage", {}, this.history.node, this.history.jump, this.toasts),
      this.composer.node,
      this.news,
    );
    this.node.addEventListener("focusin", () => events.focused(this));
  }

  // Fetches the chat anew. Events that come meanwhile wait, so that an older picture never covers a newer one.
  async load() {
    this.waiting = [];
    this.loading = true;
    const [chat] = await Promise.all([
      view(`chats/${this.chat}/messages?user=${this.owner.id}`),
      this.refreshProfile(),
    ]);
    Object.assign(this, { seen: chat.seen, votes: chat.votes, reactions: chat.reactions, blocked: chat.blocked });
    this.composer.setKeyboard(chat.keyboard);
    this.history.fill(chat.result);
    this.#mode();
    this.loading = false;
    this.waiting.splice(0).forEach((event) => this.handle(event));
  }

  async refreshProfile() {
    const { result: me } = await view(`me?user=${this.owner.id}&chat=${this.chat}`);
    this.composer.setCommands(me.commands);
    this.history.describe(this.bot, me.description || `Say hello to ${me.first_name}: press Start.`);
  }

  // What the server tells

  handle(event) {
    if (event.chat !== this.chat) return;
    if (this.loading) this.waiting.push(event);
    else this[`on_${event.type}`]?.(event);
  }

  on_new({ message }) {
    const mine = message.from.id === this.owner.id;
    if (!mine) {
      this.#showAction("");
      this.news.textContent = `${fullName(message.from)}: ${summary(message)}`;
    }
    this.history.add(message, mine);
    this.#mode();
  }

  on_edited({ message }) {
    this.history.redraw(message.message_id, message);
  }

  on_deleted({ message_id: id }) {
    this.history.remove(id);
    if (this.editing?.message_id === id) this.#edit(null);
    if (this.replyTo?.message_id === id) this.#reply(null);
    this.#mode();
  }

  on_action({ action }) {
    this.#showAction(ACTIONS[action] || "working");
  }

  on_seen({ message_id: id }) {
    const newlySeen = [...this.history.messages.values()].filter(
      (message) => message.message_id > this.seen && message.message_id <= id && message.from.id === this.owner.id,
    );
    this.seen = id;
    newlySeen.forEach((message) => this.history.redraw(message.message_id));
  }

  on_answer({ user, message_id: id, text, show_alert: alert, url }) {
    if (user !== this.owner.id) return;
    this.#released(id);
    if (text && alert) alertBox(this.bot.first_name, text);
    else if (text) toast(this.toasts, text);
    if (!url) return;
    // With such an answer the bot sends back the one who pressed, and nobody else.
    if (this.#startPayload(url)) this.start(url);
    else openBeside(url);
  }

  on_vote({ user, message_id: id, options }) {
    if (user === this.owner.id) this.votes[id] = options;
  }

  on_reaction({ message_id: id, emoji }) {
    this.reactions[id] = emoji;
    this.history.redraw(id);
  }

  on_keyboard({ keyboard }) {
    this.composer.setKeyboard(keyboard);
    this.#mode();
  }

  on_blocked({ blocked }) {
    this.blocked = blocked;
    this.#mode();
  }

  #mode() {
    const fresh = this.history.messages.size === 0;
    this.composer.setMode(this.blocked ? "unblock" : fresh ? "start" : "");
  }

  #showAction(what) {
    clearTimeout(this.actionTimer);
    this.head.setStatus(what);
    this.history.showTyping(what !== "");
    if (what) this.actionTimer = setTimeout(() => this.#showAction(""), TYPING_TIME);
  }

  #draw(message) {
    const id = message.message_id;
    if (!this.opened.has(id)) this.opened.set(id, new Set());
    return bubble(message, {
      mine: message.from.id === this.owner.id,
      group: this.chat < 0,
      seen: id <= this.seen,
      pressed: this.pressed.get(id),
      votes: this.votes[id] || [],
      reaction: this.reactions[id],
      act: {
        opened: this.opened.get(id),
        command: (text) => this.say(text),
        startPayload: (address) => this.#startPayload(address),
        openLink: (address) => this.events.openLink(this, address),
        copied: (text) => this.#copy(text),
        press: (button) => this.#press(id, button),
        vote: (options) => this.#try(act("vote", { ...this.#own(), message_id: id, options })),
        reply: () => this.#reply(message),
        menu: (at) => this.#openMenu(at, message),
        jumpTo: (other) => this.history.jumpTo(other),
      },
    });
  }

  // What the person does

  #own() {
    return { user: this.owner.id, chat: this.chat };
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

  async say(text) {
    const reply = this.replyTo ? { reply_to: this.replyTo.message_id } : {};
    for (const [at, piece] of pieces(text, LONGEST_TEXT).entries()) {
      if (at) await new Promise((resolve) => setTimeout(resolve, BETWEEN_PIECES));
      const more = at ? {} : reply;
      if (!(await this.#try(act("message", { ...this.#own(), ...more, text: piece })))) return false;
    }
    this.#reply(null);
    return true;
  }

  async #change(message, text) {
    if (text.trim() === body(message)) return this.#edited();
    const entities = moved(message.entities || message.caption_entities, body(message), text);
    const edited = { ...this.#own(), message_id: message.message_id, text, entities };
    return (await this.#try(act("edit", edited))) && this.#edited();
  }

  // The message is changed; what the person writes now is another one.
  #edited() {
    this.editing = null;
    this.composer.setReply(null);
    return true;
  }

  async #sendPhoto(file) {
    const caption = await askCaption(file);
    if (caption !== null) this.#try(sendFile("photo", { ...this.#own(), caption }, file));
  }

  #reply(message) {
    if (message && this.editing) this.#edit(null);
    this.replyTo = message;
    this.composer.setReply(message && { icon: "reply", title: fullName(message.from), text: summary(message) });
  }

  // Begins to change an own message, or gives that up with null.
  #edit(message) {
    if (message && this.replyTo) this.#reply(null);
    this.editing = message;
    this.composer.setReply(message && { icon: "pencil", title: "Edit message", text: summary(message) });
    this.composer.setText(message ? body(message) : "");
  }

  #editLast() {
    const own = [...this.history.messages.values()].filter((message) => this.#isEditable(message));
    if (own.length) this.#edit(own.at(-1));
  }

  #isEditable(message) {
    return message.from.id === this.owner.id && Boolean(message.text || message.photo || message.document);
  }

  #openMenu(at, message) {
    const id = message.message_id;
    const text = body(message);
    openMenu("message-menu", at, [
      ["message-reply", "reply", "Reply", () => this.#reply(message)],
      this.#isEditable(message) && ["message-edit", "pencil", "Edit", () => this.#edit(message)],
      text && ["message-copy", "copy", "Copy text", () => this.#copy(text)],
      ["message-pin", "pin", "Pin", () => this.#try(act("pin", { ...this.#own(), message_id: id }))],
      ["message-delete", "trash", "Delete", () => this.#try(act("delete", { ...this.#own(), message_id: id }))],
    ]);
  }

  async #copy(text) {
    await copy(text);
    toast(this.toasts, "Copied");
  }

  async #press(id, button) {
    if (button.copy_text) return this.#copy(button.copy_text.text);
    if (button.url) return this.#open(button.url);
    if (button.callback_data === undefined) return toast(this.toasts, "This kind of button works in Telegram only.");
    if (this.pressed.has(id)) return;
    this.pressed.set(id, button.callback_data);
    this.history.redraw(id);
    this.history.nodes.get(id).querySelector("[aria-busy]")?.focus({ preventScroll: true });
    await this.#try(act("press", { ...this.#own(), message_id: id, button: button.callback_data }));
    this.#released(id);
  }

  #released(id) {
    this.pressed.delete(id);
    const keys = this.history.nodes.get(id)?.querySelectorAll("[aria-busy]") || [];
    for (const key of keys) key.removeAttribute("aria-busy");
  }

  #open(address) {
    if (this.#startPayload(address)) this.events.openLink(this, address);
    else openBeside(address);
  }

  #startPayload(address) {
    return startPayload(address, this.bot.username);
  }

  // Opens a start link as this person.
  start(link) {
    return this.#try(act("link", { user: this.owner.id, link }));
  }

  async #block(blocked) {
    await this.#try(act("block", { user: this.owner.id, blocked }));
    if (!blocked && this.history.messages.size) this.say("/start");
  }
}

// The words of a message: its text, or what stands under its picture or file.
const body = (message) => message.text ?? message.caption ?? "";
