// Polls and quizzes: before the vote the choices, after it the result.

import { element, icon } from "./dom.js";
import { richText } from "./text.js";

// `mine` are the options this reader chose; `vote` sends a vote.
export function pollView(poll, mine, vote, act) {
  const done = poll.is_closed || mine.length > 0;
  const chosen = new Set();
  const kind = `${poll.is_anonymous ? "Anonymous " : ""}${poll.type === "quiz" ? "quiz" : "poll"}`;
  const send = element(
    "button.poll-vote",
    { testid: "poll-vote", disabled: true, onclick: () => vote([...chosen].sort((a, b) => a - b)) },
    "Vote",
  );
  const pick = (at, button) => {
    if (!poll.allows_multiple_answers) return vote([at]);
    const on = !chosen.has(at);
    if (on) chosen.add(at);
    else chosen.delete(at);
    button.setAttribute("aria-checked", String(on));
    send.disabled = chosen.size === 0;
  };
  const row = (option, at) => (done ? result(poll, option, at, mine) : choice(poll, option, at, pick));
  const again = element("button.link", { testid: "poll-retract", onclick: () => vote([]) }, "Retract vote");
  return element(
    "div.poll",
    { testid: "poll", role: "group", label: poll.question },
    element("div.poll-question", {}, poll.question),
    element("div.poll-kind", {}, poll.is_closed ? "Final results" : kind[0].toUpperCase() + kind.slice(1)),
    ...poll.options.map(row),
    done && poll.explanation && explanation(poll, act),
    !done && poll.allows_multiple_answers && send,
    element("div.poll-foot", {}, count(poll), done && !poll.is_closed && poll.allows_revoting && again),
  );
}

function explanation(poll, act) {
  const text = element("div", {}, richText(poll.explanation, poll.explanation_entities, act));
  return element("div.poll-why", { testid: "poll-explanation" }, icon("bulb"), text);
}

function count({ total_voter_count: votes }) {
  if (!votes) return "No votes yet";
  return votes === 1 ? "1 vote" : `${votes} votes`;
}

function choice(poll, option, at, pick) {
  const role = poll.allows_multiple_answers ? "checkbox" : "radio";
  const row = element(
    "button.poll-option",
    { testid: "poll-option", data: { option: at }, role, "aria-checked": "false" },
    element(`span.poll-mark.${role}`, {}),
    element("span", {}, option.text),
  );
  row.addEventListener("click", () => pick(at, row));
  return row;
}

function result(poll, option, at, mine) {
  const share = poll.total_voter_count ? Math.round((100 * option.voter_count) / poll.total_voter_count) : 0;
  const right = poll.type === "quiz" && (poll.correct_option_ids || []).includes(at);
  const wrong = poll.type === "quiz" && mine.includes(at) && !right;
  const state = right ? ".right" : wrong ? ".wrong" : "";
  const mark = (mine.includes(at) || right) && icon(wrong ? "close" : "done", "poll-tick");
  const bar = element("span.poll-bar");
  bar.style.setProperty("--share", `${Math.max(share, 1)}%`);
  return element(
    `div.poll-result${state}`,
    { testid: "poll-result", data: { option: at } },
    element("span.poll-share", {}, `${share}%`),
    element("span.poll-text", {}, option.text, mark),
    bar,
  );
}
