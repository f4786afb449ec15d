// Pictures, animations, stickers, sounds and files as elements.

import { fileAddress } from "./api.js";
import { element, fileSize, icon } from "./dom.js";
import { lightbox } from "./overlays.js";

const WIDEST = 440; // pixels a picture takes at most in the chat
const TALLEST = 460;
const STICKER = 180; // pixels of a sticker's longer side

// What can be seen of a message, with its width and height; undefined for other messages.
export const visible = (message) => message.animation || message.photo?.at(-1);

export function size({ width, height }) {
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

// The media of a message; null for what this page cannot show. `opened` keeps what the reader uncovered.
export function media(message, opened) {
  if (message.animation) return covered(animation(message.animation), message, opened);
  if (message.photo) return covered(photo(message), message, opened);
  if (message.sticker) return sticker(message.sticker);
  if (message.voice) return voice(message.voice);
  return message.document ? file(message.document) : null;
}

function photo(message) {
  const address = fileAddress(message.photo.at(-1).file_id);
  const picture = element("img", { src: address, alt: message.caption || "Photo", ...size(message.photo.at(-1)) });
  const frame = element("button.photo", { testid: "photo", label: "Open the picture" }, picture);
  // The first line names the picture; the rest, with its tables, is to be read in the chat.
  frame.show = () => lightbox(address, `photo-${message.message_id}.png`, message.caption?.split("\n")[0]);
  return frame;
}

// A GIF moves by itself; a film plays without sound, over and over.
function animation(moving) {
  const address = fileAddress(moving.file_id);
  const film = moving.mime_type.startsWith("video/");
  const looks = { testid: "animation", src: address, ...size(moving) };
  const shown = film
    ? element("video", { ...looks, autoplay: true, loop: true, playsinline: true })
    : element("img", { ...looks, alt: "Animation" });
  if (film) shown.muted = true;
  return element("button.photo", { label: "Animation" }, shown, element("span.gif", { "aria-hidden": "true" }, "GIF"));
}

function covered(frame, message, opened) {
  if (message.has_media_spoiler && !opened.has("media")) frame.classList.add("hidden-media");
  frame.addEventListener("click", () => {
    if (!frame.classList.contains("hidden-media")) return frame.show?.();
    opened.add("media");
    frame.classList.remove("hidden-media");
  });
  return frame;
}

function sticker({ file_id: id, emoji, width, height }) {
  const scale = STICKER / Math.max(width, height);
  return element("img.sticker", {
    testid: "sticker",
    src: fileAddress(id),
    alt: `Sticker ${emoji || ""}`,
    width: Math.round(width * scale),
    height: Math.round(height * scale),
  });
}

function voice({ file_id: id, duration }) {
  const sound = element("audio", { src: fileAddress(id), preload: "none" });
  const button = element("button.voice-play", { testid: "voice-play" });
  const bar = element("span.voice-bar", { "aria-hidden": "true" });
  const show = () => {
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
    button.setAttribute("aria-label", sound.paused ? "Play" : "Pause");
    bar.style.setProperty("--played", sound.currentTime / Math.max(duration, 1));
  };
  for (const change of ["play", "pause", "ended", "timeupdate"]) sound.addEventListener(change, show);
  button.addEventListener("click", () => (sound.paused ? sound.play() : sound.pause()));
  show();
  const length = `${Math.floor(duration / 60)}:${String(duration % 60).padStart(2, "0")}`;
  const text = element("span.file-text", {}, bar, element("small", {}, length));
  return element("div.voice", { testid: "voice" }, button, text, sound);
}

function file({ file_id: id, file_name: name, file_size: bytes }) {
  return element(
    "a.file",
    { testid: "document", href: fileAddress(id), download: name },
    element("span.file-icon", {}, icon("file"), icon("download")),
    element("span.file-text", {}, element("strong", {}, name), element("small", {}, fileSize(bytes))),
  );
}
