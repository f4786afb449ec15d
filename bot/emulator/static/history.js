// The messages of a chat on the screen: in order, in groups, under their days, and scrolled where the reader wants.

import { avatar, calm, dayKey, dayName, element, icon } from "./dom.js";

const NEAR_END = 60; // pixels from the end that still count as reading the newest message
const GROUP_TIME = 300; // seconds within which messages of one sender stand together
const FOUND_TIME = 1500; // milliseconds a message found by a jump glows

export class History {
  // `draw` makes the element of a message.
  constructor(draw) {
    this.draw = draw;
    this.messages = new Map();
    this.nodes = new Map();
    this.days = new Map();
    this.pinned = true; // the reader is at the end and stays there
    this.top = 0;
    this.unread = 0;
    this.list = element("ol.messages", { testid: "messages", label: "Messages" });
    this.typing = element(
      "div.typing",
      { testid: "typing", hidden: true },
      element("span", {}, element("i"), element("i"), element("i")),
    );
    this.empty = element("div.empty", { testid: "empty", hidden: true });
    this.node = element(
      "div.scroll",
      { testid: "history", tabindex: 0, role: "region", label: "Chat history" },
      this.empty,
      this.list,
      this.typing,
    );
    this.count = element("span.count", { testid: "jump-count", hidden: true });
    this.jump = element(
      "button.round.jump",
      { testid: "jump", label: "Jump to the latest message", hidden: true, onclick: () => this.toEnd() },
      icon("down"),
      this.count,
    );
    this.node.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const watcher = new ResizeObserver(() => this.pinned && this.toEnd());
    watcher.observe(this.list);
    watcher.observe(this.node);
  }

  describe(bot, about) {
    this.empty.replaceChildren(avatar(bot, "large"), element("h3", {}, bot.first_name), element("p", {}, about));
  }

  // Shows these messages and no others.
  fill(messages) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.nodes.clear();
    this.list.replaceChildren();
    messages.forEach((message) => this.#put(message));
    this.#arrange();
    this.toEnd();
  }

  // Adds a new message; `follow` goes to the end whatever the reader was reading.
  add(message, follow) {
    this.messages.set(message.message_id, message);
    const node = this.#put(message);
    if (!calm()) node.classList.add("arriving");
    this.#arrange();
    if (this.pinned || follow) this.toEnd();
    else this.#setUnread(this.unread + 1);
  }

  // Draws a message again, in its new form if one is given, without moving what the reader reads.
  redraw(id, message = this.messages.get(id)) {
    if (!this.messages.has(id)) return;
    this.messages.set(id, message);
    this.#keepingPlace(() => this.#put(message));
    this.#arrange();
  }

  remove(id) {
    this.messages.delete(id);
    this.nodes.get(id)?.remove();
    this.nodes.delete(id);
    this.#arrange();
  }

  showTyping(on) {
    this.typing.hidden = !on;
    if (this.pinned) this.toEnd();
  }

  toEnd() {
    this.pinned = true;
    this.node.scrollTop = this.node.scrollHeight;
    this.top = this.node.scrollTop;
    this.#setUnread(0);
    this.jump.hidden = true;
  }

  jumpTo(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), FOUND_TIME);
  }

  #put(message) {
    const node = this.draw(message);
    const old = this.nodes.get(message.message_id);
    if (old) old.replaceWith(node);
    else this.list.append(node);
    this.nodes.set(message.message_id, node);
    return node;
  }

  // Groups neighbours of one sender and puts the days between.
  #arrange() {
    const days = new Set();
    let previous = null;
    for (const message of this.messages.values()) {
      const node = this.nodes.get(message.message_id);
      const joined = previous !== null && together(previous, message);
      node.classList.toggle("first", !joined);
      if (previous) this.nodes.get(previous.message_id).classList.toggle("last", !joined);
      if (!days.has(dayKey(message.date))) this.#putDay(message.date, node);
      days.add(dayKey(message.date));
      previous = message;
    }
    if (previous) this.nodes.get(previous.message_id).classList.add("last");
    for (const [day, node] of this.days) if (!days.has(day)) node.remove();
    this.empty.hidden = previous !== null;
  }

  #putDay(date, before) {
    const key = dayKey(date);
    if (!this.days.has(key)) this.days.set(key, element("li.day", {}, element("span", {}, dayName(date))));
    if (before.previousSibling !== this.days.get(key)) before.before(this.days.get(key));
  }

  #keepingPlace(change) {
    const shown = ([, node]) => node.offsetTop + node.offsetHeight > this.node.scrollTop;
    const [id, anchor] = [...this.nodes].find(shown) || [];
    const place = anchor?.offsetTop;
    change();
    if (this.pinned) this.toEnd();
    else if (anchor) this.node.scrollTop += this.nodes.get(id).offsetTop - place;
  }

  // Growing content leaves the reader's place as it is; only a reader who scrolls up lets go of the end.
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.pinned = true;
    else if (scrollTop < this.top) this.pinned = false;
    this.top = scrollTop;
    this.jump.hidden = this.pinned;
    if (this.pinned) this.#setUnread(0);
  }

  #setUnread(count) {
    this.unread = count;
    this.count.textContent = count;
    this.count.hidden = count === 0;
  }
}

function together(earlier, later) {
  return (
    earlier.from.id === later.from.id &&
    later.date - earlier.date < GROUP_TIME &&
    dayKey(earlier.date) === dayKey(later.date) &&
    !earlier.migrate_from_chat_id
  );
}
