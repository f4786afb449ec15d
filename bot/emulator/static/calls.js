// The drawer for the curious: every Bot API call, live.

import { element, icon } from "./dom.js";
import { remember, settings } from "./settings.js";

const KEPT = 200; // calls that stay in the drawer
const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export class Calls {
  constructor(node, close) {
    this.node = node;
    this.newest = 0;
    this.list = element("ol.call-list", { testid: "call-list" });
    const polling = element("input", { type: "checkbox", testid: "polling" });
    polling.checked = settings.polling;
    polling.addEventListener("change", () => {
      remember({ polling: polling.checked });
      this.#showPolling();
    });
    node.append(
      element(
        "header.calls-head",
        {},
        element("h2", {}, "Bot API calls"),
        element("label", {}, polling, "polling"),
        element("button.round", { label: "Close", testid: "calls-close", onclick: close }, icon("close")),
      ),
      element("p.calls-hint", {}, "What the bot asks of Telegram, as it happens. Press a call to see it whole."),
      this.list,
    );
    this.#showPolling();
  }

  #showPolling() {
    this.list.classList.toggle("no-polling", !settings.polling);
  }

  clear() {
    this.list.replaceChildren();
  }

  // Shows calls that are not there yet; newest first.
  add(calls) {
    for (const call of calls) {
      if (call.number <= this.newest) continue;
      this.newest = call.number;
      this.list.prepend(row(call));
    }
    while (this.list.children.length > KEPT) this.list.lastChild.remove();
  }
}

function row(call) {
  const ok = call.answer.ok;
  const details = element("div.call-body", { hidden: true });
  const head = element(
    "button.call-head",
    { "aria-expanded": "false" },
    element(`span.dot${ok ? ".ok" : ".bad"}`, { title: ok ? "ok" : "refused" }),
    element("strong", {}, call.method),
    element("span.call-about", {}, about(call)),
    element("span.call-time", {}, `${Math.round(call.seconds * 1000)} ms`),
  );
  head.addEventListener("click", () => {
    details.hidden = !details.hidden;
    head.setAttribute("aria-expanded", String(!details.hidden));
    if (!details.childElementCount) details.append(...whole(call));
  });
  const polling = call.method === "getUpdates" ? ".polling" : "";
  return element(`li.call${polling}`, { testid: "call", data: { method: call.method, ok: String(ok) } }, head, details);
}

function about({ parameters, answer }) {
  if (!answer.ok) return answer.description;
  const chat = parameters.chat_id ? `${parameters.chat_id} · ` : "";
  const text = parameters.text || parameters.caption || parameters.action || parameters.question || "";
  return chat + String(text).replace(/\s+/g, " ");
}

function whole(call) {
  const block = (title, value) => [element(
    "h3",
    {},
    title,
  ), element("pre", { tabindex: 0 }, JSON.stringify(value, null, 2))];
  return [
    element("p", {}, `Number ${call.number}, ${TIME.format(new Date(call.time * 1000))}`),
    ...block("Parameters", call.parameters),
    ...block("Answer", call.answer),
  ];
}
