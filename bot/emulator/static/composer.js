// Where a person writes: the text field, the command menu, files, the reply keyboard.

import { element, icon } from "./dom.js";

const TALLEST = 168; // pixels the text field grows to

export class Composer {
  // `act` is what the composer can do: { say(text), sendFile(file), start(), unblock() }.
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
    this.fileInput = element(
      "input",
      { testid: "file-input", type: "file", hidden: true, onchange: () => this.#pickFile() },
    );
    this.attach = this.#button("attach", "attach", "Attach a file", () => this.fileInput.click());
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
    );
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.#closeMenu(), 150));
    this.setKeyboard(null);
    new ResizeObserver(() => this.#grow()).observe(this.row);
  }

  #button(testid, name, label, onclick) {
    return element("button.round", { testid, label, title: label, onclick }, icon(name));
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

  // Shows what the next message replies to; null takes it away.
  setReply(name, text) {
    this.replyBar.hidden = !name;
    if (!name) return;
    const cancel = element(
      "button.round.small",
      { label: "Do not reply", onclick: () => this.act.cancelReply() },
      icon("close"),
    );
    this.replyBar.replaceChildren(icon("reply"), element(
      "div",
      {},
      element("strong", {}, name),
      element("span", {}, text),
    ), cancel);
    this.field.focus();
  }

  async #submit() {
    const text = this.field.value;
    if (!text.trim() || this.busy) return;
    this.busy = true;
    if (await this.act.say(text)) this.field.value = "";
    this.busy = false;
    this.#changed();
    this.field.focus();
  }

  #pickFile() {
    const [file] = this.fileInput.files;
    if (file) this.act.sendFile(file);
    this.fileInput.value = "";
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
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
      this.act.cancelReply();
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
