// Where a person writes: the text field, the command menu, files, the reply keyboard.

import { element, icon } from "./dom.js";
import { openMenu } from "./menus.js";

const TALLEST = 168; // pixels the text field grows to

export class Composer {
  // `act` is what the composer can do: { submit(text), say(text), sendFile(file), sendPhoto(file), sendSticker(),
  // sendVoice(), editLast(), start(), unblock(), cancel() }.
  constructor(act, botName) {
    this.act = act;
    this.commands = [];
    this.chosen = 0;
    this.field = element("textarea", {
      testid: "composer",
      rows: 1,
      placeholder: "Message",
      label: `Message to ${botName}`,
      autocomplete: "off",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      enterkeyhint: "send",
    });
    this.menu = element("div.commands", { testid: "commands", role: "listbox", label: "Commands", hidden: true });
    this.menuButton = this.#button("commands-button", "slash", "Commands", () => this.#toggleMenu());
    this.fileInput = this.#picker("file-input", {}, (file) => this.act.sendFile(file));
    this.photoInput = this.#picker("photo-input", { accept: "image/*" }, (file) => this.act.sendPhoto(file));
    this.attach = this.#button("attach", "attach", "Attach", () => this.#openAttach());
    this.attach.setAttribute("aria-haspopup", "menu");
    this.keysButton = this.#button("keys-toggle", "keyboard", "Keyboard", () => this.#toggleKeys());
    this.send = this.#button("send", "send", "Send", () => this.#submit());
    this.send.classList.add("send");
    this.replyBar = element("div.reply-bar", { hidden: true });
    this.keys = element("div.reply-keys", { testid: "reply-keyboard", hidden: true });
    this.start = element("button.primary.wide", { testid: "start", hidden: true, onclick: act.start }, "Start");
    this.unblock = element(
      "button.primary.wide",
      { testid: "unblock", hidden: true, onclick: act.unblock },
      "Unblock the bot",
    );
    this.row = element(
      "div.composer-row",
      {},
      this.menuButton,
      element("div.field", {}, this.field, this.keysButton, this.attach),
      this.send,
    );
    this.node = element(
      "div.composer",
      {},
      this.menu,
      this.replyBar,
      this.row,
      this.keys,
      this.start,
      this.unblock,
      this.fileInput,
      this.photoInput,
    );
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.#left(), 150));
    this.setKeyboard(null);
    new ResizeObserver(() => this.#grow()).observe(this.row);
  }

  #button(testid, name, label, onclick) {
    return element("button.round", { testid, label, title: label, onclick }, icon(name));
  }

  #picker(testid, more, picked) {
    const input = element("input", { testid, type: "file", hidden: true, ...more });
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (file) picked(file);
      input.value = "";
    });
    return input;
  }

  #openAttach() {
    openMenu("attach-menu", this.attach, [
      ["attach-photo", "photo", "Photo", () => this.photoInput.click()],
      ["attach-file", "file", "File", () => this.fileInput.click()],
      ["attach-sticker", "sticker", "Sticker", () => this.act.sendSticker()],
      ["attach-voice", "mic", "Voice message", () => this.act.sendVoice()],
    ]);
  }

  setCommands(commands) {
    this.commands = commands;
    this.menuButton.hidden = commands.length === 0;
    if (!this.menu.hidden) this.#openMenu(this.#matching() || commands);
  }

  // What the composer shows instead of the field: "start" in an empty chat, "unblock" after blocking, or nothing.
  setMode(mode) {
    this.row.hidden = mode !== "";
    this.start.hidden = mode !== "start";
    this.unblock.hidden = mode !== "unblock";
    this.keys.hidden = mode !== "" || !this.keyboard || this.folded;
  }

  setKeyboard(keyboard) {
    this.keyboard = keyboard;
    this.folded = false;
    this.keysButton.hidden = !keyboard;
    this.keys.hidden = !keyboard;
    this.field.placeholder = keyboard?.input_field_placeholder || "Message";
    const rows = (keyboard?.keyboard || []).map((row) =>
      element(
        "div.keys",
        {},
        ...row.map((button) => element(
          "button.key",
          { testid: "reply-button", onclick: () => this.#pressKey(button.text) },
          button.text,
        )),
      ),
    );
    this.keys.replaceChildren(...rows);
  }

  #pressKey(text) {
    this.act.say(text);
    if (this.keyboard?.one_time_keyboard) this.#toggleKeys();
  }

  #toggleKeys() {
    this.folded = !this.folded;
    this.keys.hidden = this.folded;
  }

  // Shows what the next message replies to or changes, as { icon, title, text }; null takes it away.
  setReply(about) {
    this.replyBar.hidden = !about;
    if (!about) return;
    const cancel = element(
      "button.round.small",
      { testid: "cancel", label: "Cancel", onclick: () => this.act.cancel() },
      icon("close"),
    );
    this.replyBar.replaceChildren(icon(about.icon), element(
      "div",
      {},
      element("strong", {}, about.title),
      element("span", {}, about.text),
    ), cancel);
    this.field.focus();
  }

  setText(text) {
    this.field.value = text;
    this.#changed();
    this.#closeMenu();
    this.field.setSelectionRange(text.length, text.length);
  }

  async #submit() {
    const text = this.field.value;
    if (!text.trim() || this.busy) return;
    this.busy = true;
    this.setText("");
    this.field.focus();
    // What cannot be sent comes back, unless the person writes the next thing already.
    if (!(await this.act.submit(text)) && !this.field.value) this.setText(text);
    this.busy = false;
  }

  #left() {
    if (document.activeElement !== this.field) this.#closeMenu();
  }

  // The row keeps its height while the text is measured: were it lower for a moment, the history above would lose the
  // place that the reader is at.
  #grow() {
    this.row.style.minHeight = `${this.row.offsetHeight}px`;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
    this.row.style.minHeight = "";
  }

  #changed() {
    this.#grow();
    this.send.classList.toggle("ready", this.field.value.trim() !== "");
    const matching = this.#matching();
    if (matching) this.#openMenu(matching);
    else this.#closeMenu();
  }

  // The commands that start like the one being typed; null while none is.
  #matching() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(this.field.value);
    return typed && this.commands.filter((each) => each.command.startsWith(typed[1].toLowerCase()));
  }

  #toggleMenu() {
    if (this.menu.hidden) {
      this.#openMenu(this.commands);
      this.field.focus();
    } else {
      this.#closeMenu();
    }
  }

  #openMenu(commands) {
    this.shown = commands;
    this.menu.hidden = commands.length === 0;
    this.field.setAttribute("aria-expanded", String(!this.menu.hidden));
    this.menu.replaceChildren(...commands.map((each, at) => this.#menuRow(each, at)));
    this.#choose(0);
  }

  #menuRow({ command, description }, at) {
    return element(
      "div.command",
      {
        testid: "command",
        role: "option",
        data: { command },
        onmousedown: (event) => event.preventDefault(),
        onclick: () => this.#runCommand(at),
      },
      element("strong", {}, `/${command}`),
      element("span", {}, description),
    );
  }

  #choose(at) {
    this.chosen = at;
    [...this.menu.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    this.menu.children[at]?.scrollIntoView({ block: "nearest" });
  }

  #closeMenu() {
    this.menu.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
  }

  #runCommand(at) {
    const { command } = this.shown[at];
    this.field.value = "";
    this.#changed();
    this.act.say(`/${command}`);
  }

  #key(event) {
    if (!this.menu.hidden && this.#menuKey(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape") {
      this.act.cancel();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      event.preventDefault();
      this.act.editLast();
    }
  }

  // Keys while the menu is open; says whether the key was for the menu.
  #menuKey(event) {
    const count = this.shown.length;
    if (event.key === "ArrowDown") this.#choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp") this.#choose((this.chosen + count - 1) % count);
    else if (event.key === "Escape") this.#closeMenu();
    else if (event.key === "Enter" && !event.shiftKey) this.#runCommand(this.chosen);
    else if (event.key === "Tab") {
      this.field.value = `/${this.shown[this.chosen].command} `;
      this.#changed();
    } else return false;
    return true;
  }
}
