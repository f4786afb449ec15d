// One message as an element.

import { fileAddress } from "./api.js";
import { avatar, clock, element, fileSize, icon, summary } from "./dom.js";
import { lightbox } from "./overlays.js";
import { pollView } from "./poll.js";
import { richText } from "./text.js";

const WIDEST = 440; // pixels a picture takes at most in the chat
const TALLEST = 460;
const NARROWEST = 260; // pixels a caption gets at least

// `view` is how the reader sees the message: { mine, group, seen, pressed, votes, reaction, act }.
export function bubble(message, view) {
  const service = serviceText(message);
  if (service) return element("li.service", { data: { messageId: message.message_id } }, service);
  const kind = !message.photo ? "" : message.caption ? ".pictured" : ".bare";
  const body = element(
    `div.bubble${kind}`,
    {},
    view.group && !view.mine && element("div.sender", {}, message.from.first_name),
    message.reply_to_message && replyQuote(message.reply_to_message, view),
    ...contents(message, view),
    meta(message, view),
    view.reaction && element("span.reaction", { testid: "reaction" }, view.reaction),
  );
  const reply = element(
    "button.reply-button",
    { label: "Reply", title: "Reply", onclick: view.act.reply },
    icon("reply"),
  );
  body.append(reply);
  if (message.photo) body.style.width = `${Math.max(pictureSize(message).width, NARROWEST) + 8}px`;
  const from = view.mine ? "me" : message.from.is_bot ? "bot" : "other";
  return element(
    `li.message${view.mine ? ".mine" : ""}`,
    { testid: "message", data: { messageId: message.message_id, from } },
    view.group && !view.mine && avatar(message.from, "small"),
    element("div.stack", {}, body, message.reply_markup && keyboard(message, view)),
  );
}

function serviceText(message) {
  if (message.migrate_to_chat_id) return "This group became a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group before";
  return "";
}

function contents(message, view) {
  if (message.text !== undefined) return [formatted(message.text, message.entities, view)];
  if (message.poll) return [pollView(message.poll, view.votes, view.act.vote, view.act)];
  const caption = message.caption && formatted(message.caption, message.caption_entities, view);
  const media = message.photo ? photo(message, view) : file(message.document);
  return message.show_caption_above_media ? [caption, media] : [media, caption];
}

function formatted(text, entities, view) {
  return element("div.text", { testid: "message-text" }, richText(text, entities, view.act));
}

function photo(message, view) {
  const address = fileAddress(message.photo.at(-1).file_id);
  const picture = element("img", { src: address, alt: message.caption || "Photo", ...pictureSize(message) });
  const frame = element("button.photo", { testid: "photo", label: "Open the picture" }, picture);
  const key = "photo";
  if (message.has_media_spoiler && !view.act.opened.has(key)) frame.classList.add("hidden-media");
  frame.addEventListener("click", () => {
    if (frame.classList.contains("hidden-media")) {
      view.act.opened.add(key);
      frame.classList.remove("hidden-media");
    } else {
      // The first line names the picture; the rest, with its tables, is to be read in the chat.
      lightbox(address, `photo-${message.message_id}.png`, message.caption?.split("\n")[0]);
    }
  });
  return frame;
}

function pictureSize(message) {
  const { width, height } = message.photo.at(-1);
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function file(document) {
  return element(
    "a.file",
    { testid: "document", href: fileAddress(document.file_id), download: document.file_name },
    element("span.file-icon", {}, icon("file"), icon("download")),
    element(
      "span.file-text",
      {},
      element("strong", {}, document.file_name),
      element("small", {}, fileSize(document.file_size)),
    ),
  );
}

function replyQuote(replied, view) {
  return element(
    "button.reply-quote",
    { onclick: () => view.act.jumpTo(replied.message_id) },
    element("strong", {}, replied.from.first_name),
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
