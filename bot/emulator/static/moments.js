// Dates and times as their reader has them: in the reader's time zone and language, in the form the bot asked for.

import { element } from "./dom.js";

const PARTS = {
  w: { weekday: "long" },
  d: { day: "2-digit", month: "2-digit", year: "2-digit" },
  D: { day: "numeric", month: "long", year: "numeric" },
  t: { hour: "2-digit", minute: "2-digit" },
  T: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};
const UNITS = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["week", 7 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const TICK = 1000; // milliseconds after which "in 5 minutes" is looked at again

// `format` is a date_time_format of the Bot API; without one, `content` stays as the bot wrote it.
export function moment(seconds, format, content) {
  const date = new Date(seconds * 1000);
  const shown = format === "r" ? fromNow(date) : format ? absolute(date, format) : content;
  const properties = { testid: "moment", datetime: date.toISOString(), title: FULL.format(date) };
  return element("time.moment", { ...properties, data: format === "r" ? { relative: "" } : undefined }, shown);
}

function absolute(date, format) {
  const options = Object.assign({}, ...[...format].map((part) => PARTS[part]));
  return new Intl.DateTimeFormat(undefined, options).format(date);
}

function fromNow(date) {
  const away = Math.round((date - Date.now()) / 1000);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(away) >= size) || UNITS.at(-1);
  return RELATIVE.format(Math.trunc(away / size), unit);
}

setInterval(() => {
  for (const node of document.querySelectorAll("time[data-relative]")) {
    const shown = fromNow(new Date(node.dateTime));
    if (node.textContent !== shown) node.textContent = shown;
  }
}, TICK);
