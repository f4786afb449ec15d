// Text with entities becomes elements. Offsets count UTF-16 code units, which is how JavaScript counts, too.

import { codeBlock } from "./code.js";
import { element, icon } from "./dom.js";
import { complete } from "./links.js";
import { moment } from "./moments.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const LONG_QUOTE = 3; // lines that show of a folded quotation

// `act` is what the text can do: { command, startPayload, openLink, copied, opened } where `opened` is a set that keeps
// what the reader unfolded, so that an edit of the message does not fold it again.
export function richText(text, entities, act) {
  return build(text, [...(entities || [])].sort(outerFirst), 0, text.length, act);
}

// A moment writes its own text, so what covers the same place must go around it.
function outerFirst(a, b) {
  const inner = (entity) => Number(entity.type === "date_time");
  return a.offset - b.offset || b.length - a.length || inner(a) - inner(b);
}

function build(text, entities, start, end, act) {
  const nodes = document.createDocumentFragment();
  let at = start;
  let afterBlock = false;
  const plain = (until, beforeBlock) => {
    let part = text.slice(at, until);
    if (afterBlock && part.startsWith("\n")) part = part.slice(1);
    if (beforeBlock && part.endsWith("\n")) part = part.slice(0, -1);
    if (part) nodes.append(part);
  };
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    const last = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || entity.offset >= end) continue;
    const inner = entities.slice(i + 1).filter((other) => other.offset < last);
    plain(entity.offset, BLOCKS.has(entity.type));
    nodes.append(wrap(text, entity, inner, last, act));
    at = last;
    afterBlock = BLOCKS.has(entity.type);
  }
  plain(end, false);
  return nodes;
}

function wrap(text, entity, inner, end, act) {
  const covered = text.slice(entity.offset, end);
  const content = () => build(text, inner, entity.offset, end, act);
  switch (entity.type) {
    case "pre":
      return codeBlock(covered, entity.language);
    case "code":
      return button("code", "inline-code", covered, "Copy", () => act.copied(covered));
    case "blockquote":
      return element("blockquote", {}, content());
    case "expandable_blockquote":
      return foldedQuote(content(), covered, entity, act);
    case "spoiler":
      return spoiler(content(), entity, act);
    case "text_link":
      return link(entity.url, content(), act);
    case "url":
      return link(covered, covered, act);
    case "email":
      return element("a", { href: `mailto:${covered}` }, covered);
    case "bot_command":
      return button("a", "command-link", covered, "Send", () => act.command(covered));
    case "date_time":
      return moment(entity.unix_time, entity.date_time_format, content());
    case "mention":
    case "hashtag":
    case "cashtag":
    case "text_mention":
      return element("span.tag", {}, content());
    default:
      return TAGS[entity.type] ? element(TAGS[entity.type], {}, content()) : content();
  }
}

function button(tag, className, text, title, onpress) {
  const made = element(`${tag}.${className}`, { role: "button", tabindex: 0, title }, text);
  made.addEventListener("click", onpress);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onpress();
  });
  return made;
}

function link(address, content, act) {
  const payload = act.startPayload(address);
  if (!payload) return element("a", { href: complete(address), target: "_blank", rel: "noopener noreferrer" }, content);
  // The page has such an address, too, so that the link also works in a new tab.
  const made = element("a", { testid: "start-link", href: `?start=${payload}`, title: address }, content);
  made.addEventListener("click", (event) => {
    event.preventDefault();
    act.openLink(address);
  });
  return made;
}

function spoiler(content, entity, act) {
  const key = `spoiler:${entity.offset}`;
  const made = element(
    "span.spoiler",
    { testid: "spoiler", role: "button", tabindex: 0, label: "Hidden text; press to show" },
    content,
  );
  const open = () => {
    act.opened.add(key);
    made.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) made.removeAttribute(name);
  };
  if (act.opened.has(key)) open();
  made.addEventListener("click", open);
  made.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return made;
}

function foldedQuote(content, covered, entity, act) {
  const key = `quote:${entity.offset}`;
  const body = element("div.quote-body", {}, content);
  const made = element("blockquote", {}, body);
  if (covered.split("\n").length <= LONG_QUOTE && covered.length < 160) return made;
  const toggle = element("button.quote-toggle", { testid: "quote-toggle" }, icon("down"));
  const show = (open) => {
    made.classList.toggle("folded", !open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "Show less" : "Show more");
    if (open) act.opened.add(key);
    else act.opened.delete(key);
  };
  toggle.addEventListener("click", () => show(made.classList.contains("folded")));
  made.append(toggle);
  show(act.opened.has(key));
  return made;
}
