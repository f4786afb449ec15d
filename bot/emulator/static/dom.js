// Small helpers to build the page: elements, icons, avatars, times.

const SVG = "http://www.w3.org/2000/svg";

// element("button.send", { testid: "send", label: "Send", onclick: f }, child, ...)
export function element(selector, properties = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  if (tag === "button") made.type = "button";
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "testid") made.dataset.testid = value;
    else if (name === "label") made.setAttribute("aria-label", value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

const HUES = 7;

// A group has a title where people have names.
export const fullName = ({ first_name: first, last_name: last }) => [first, last].filter(Boolean).join(" ");

export function initials(name) {
  const words = name.split(/[\s.]+/).filter((word) => word && !/^(dr|prof|mr|mrs|ms)$/i.test(word));
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : (words[0] || "?")[0];
  return letters.toUpperCase();
}

export function avatar(user, size = "") {
  const hue = user.is_bot ? "bot" : Math.abs(user.id) % HUES;
  return element(`span.avatar.hue-${hue}${size && `.${size}`}`, { "aria-hidden": "true" }, initials(fullName(user)));
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const clock = (seconds) => CLOCK.format(new Date(seconds * 1000));
export const dayKey = (seconds) => new Date(seconds * 1000).toDateString();

export function dayName(seconds) {
  const key = dayKey(seconds);
  const now = Date.now() / 1000;
  if (key === dayKey(now)) return "Today";
  if (key === dayKey(now - 86400)) return "Yesterday";
  return DAY.format(new Date(seconds * 1000));
}

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// One line that says what a message holds, for lists, replies and screen readers.
export function summary(message, longest = Infinity) {
  const text = said(message);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function said(message) {
  if (message.text) return message.text.replace(/\s+/g, " ");
  if (message.sticker) return `${message.sticker.emoji || ""} Sticker`.trim();
  if (message.voice) return "🎤 Voice message";
  if (message.animation) return `GIF ${message.caption || ""}`.trim();
  if (message.pinned_message) return "📌 Pinned a message";
  if (message.photo) return `🖼 ${message.caption || "Photo"}`;
  if (message.document) return `📎 ${message.document.file_name}`;
  if (message.poll) return `📊 ${message.poll.question}`;
  return "Message";
}

export async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Plain http to another host has no clipboard API; a selected text area still copies.
  const area = element("textarea", { readonly: true, class: "offscreen" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
