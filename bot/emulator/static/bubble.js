// One message as an element.

import { avatar, clock, element, fullName, icon, summary } from "./dom.js";
import { media, size, visible } from "./media.js";
import { pollView } from "./poll.js";
import { richText } from "./text.js";

const NARROWEST = 260; // pixels a caption gets at least
const PINNED = 40; // letters of a pinned message that its notice shows
const OWN_USE = "a, button, audio, video, [role=button]"; // what does something of its own when pressed

// `view` is how the reader sees the message: { mine, group, seen, pressed, votes, reaction, act }.
export function bubble(message, view) {
  const service = serviceText(message);
  if (service) return element("li.service", { data: { messageId: message.message_id } }, service);
  const picture = visible(message);
  const kind = message.sticker ? ".stuck" : !picture ? "" : message.caption ? ".pictured" : ".bare";
  const body = element(
    `div.bubble${kind}`,
    {},
    view.group && !view.mine && element("div.sender", {}, fullName(message.from)),
    message.reply_to_message && replyQuote(message.reply_to_message, view),
    ...contents(message, view),
    meta(message, view),
    view.reaction && element("span.reaction", { testid: "reaction" }, view.reaction),
  );
  body.append(besides(view));
  opensMenu(body, view);
  if (picture) body.style.width = `${Math.max(size(picture).width, NARROWEST) + 8}px`;
  const from = view.mine ? "me" : message.from.is_bot ? "bot" : "other";
  return element(
    `li.message${view.mine ? ".mine" : ""}`,
    { testid: "message", data: { messageId: message.message_id, from } },
    view.group && !view.mine && avatar(message.from, "small"),
    element("div.stack", {}, body, message.reply_markup && keyboard(message, view)),
  );
}

// What a pointer finds beside a message: reply, and everything else.
function besides(view) {
  const reply = element("button", { label: "Reply", title: "Reply", onclick: view.act.reply }, icon("reply"));
  const more = element(
    "button",
    { testid: "message-more", label: "More", title: "More", onclick: () => view.act.menu(more) },
    icon("more"),
  );
  return element("span.besides", {}, reply, more);
}

// A tap, or the other button of a mouse, opens the menu of a message; a reader who selects text wants only that.
function opensMenu(body, view) {
  const meant = (event) => !event.target.closest(OWN_USE) && getSelection().isCollapsed;
  body.addEventListener("contextmenu", (event) => {
    if (!meant(event)) return;
    event.preventDefault();
    view.act.menu(event);
  });
  body.addEventListener("click", (event) => {
    const touched = event.pointerType === "touch" || matchMedia("(hover: none)").matches;
    if ((touched || view.mine) && meant(event)) view.act.menu(event);
  });
}

function serviceText(message) {
  const pinned = message.pinned_message;
  if (pinned) return `${fullName(message.from)} pinned ${pinned.date ? `“${summary(pinned, PINNED)}”` : "a message"}`;
  if (message.migrate_to_chat_id) return "This group became a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group before";
  return "";
}

function contents(message, view) {
  if (message.text !== undefined) return [formatted(message.text, message.entities, view)];
  if (message.poll) return [pollView(message.poll, view.votes, view.act.vote, view.act)];
  const caption = message.caption && formatted(message.caption, message.caption_entities, view);
  const shown = media(message, view.act.opened) || element("div.text.unknown", {}, "Telegram shows more here");
  return message.show_caption_above_media ? [caption, shown] : [shown, caption];
}

function formatted(text, entities, view) {
  return element("div.text", { testid: "message-text" }, richText(text, entities, view.act));
}

function replyQuote(replied, view) {
  return element(
    "button.reply-quote",
    { onclick: () => view.act.jumpTo(replied.message_id) },
    element("strong", {}, fullName(replied.from)),
    element("span", {}, summary(replied)),
  );
}

function meta(message, view) {
  const time = element("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date));
  const edited = message.edit_date && element("span", { testid: "edited" }, "edited");
  const ticks = view.mine && icon(view.seen ? "checks" : "check", "ticks");
  return element("span.meta", {}, edited, time, ticks);
}

function keyboard(message, view) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    element("div.keys", {}, ...row.map((button) => key(message, button, view))),
  );
  return element("div.keyboard", {}, ...rows);
}

function key(message, button, view) {
  const style = button.style ? `.${button.style}` : "";
  const waiting = view.pressed === (button.callback_data ?? button.text);
  const corner = button.url ? icon("link", "corner") : button.copy_text ? icon("copy", "corner") : null;
  const made = element(
    `button.key${style}`,
    { testid: "inline-button", "aria-busy": waiting ? "true" : undefined },
    element("span", {}, button.text),
    corner,
    element("span.spinner", { "aria-hidden": "true" }),
  );
  made.addEventListener("click", () => view.act.press(button));
  return made;
}
