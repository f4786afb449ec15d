// Code blocks: language label, copy button, and light colouring.

import { copy, element, icon } from "./dom.js";

const STRINGS = String.raw`[rbfuRBFU]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')`;
const NUMBERS = String.raw`\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\b`;
const NAMES = String.raw`\b[A-Za-z_]\w*(?=\()`;

const words = (text) => String.raw`\b(?:${text.split(" ").join("|")})\b`;

const PYTHON = {
  comment: "#[^\\n]*",
  string: STRINGS,
  keyword: words(
    "and as assert async await break class continue def del elif else except finally for from global if import in is " +
      "lambda match case nonlocal not or pass raise return try while with yield None True False self",
  ),
  number: NUMBERS,
  name: NAMES,
};
const SHELL = {
  comment: "(?<=^|\\s)#[^\\n]*",
  string: STRINGS,
  keyword: words("if then else fi for do done in while export"),
};
const DATA = { string: STRINGS, keyword: words("true false null"), number: NUMBERS };
const GRAMMARS = { python: PYTHON, py: PYTHON, bash: SHELL, sh: SHELL, shell: SHELL, json: DATA, yaml: DATA };

function coloured(text, language) {
  const grammar = GRAMMARS[language.toLowerCase()];
  if (!grammar) return [text];
  const kinds = Object.keys(grammar);
  const pattern = new RegExp(kinds.map((kind) => `(?<${kind}>${grammar[kind]})`).join("|"), "gm");
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const kind = kinds.find((name) => match.groups[name] !== undefined);
    parts.push(text.slice(at, match.index), element(`span.code-${kind}`, {}, match[0]));
    at = match.index + match[0].length;
  }
  return [...parts, text.slice(at)];
}

export function codeBlock(text, language = "") {
  const button = element(
    "button.code-copy",
    { testid: "code-copy", label: "Copy code" },
    icon("copy"),
    element("span", {}, "Copy"),
  );
  button.addEventListener("click", async () => {
    await copy(text);
    button.classList.add("done");
    button.replaceChildren(icon("done"), element("span", {}, "Copied"));
    setTimeout(() => {
      button.classList.remove("done");
      button.replaceChildren(icon("copy"), element("span", {}, "Copy"));
    }, 1600);
  });
  const name = language && element("span", { testid: "code-language" }, language);
  return element(
    language ? "div.code" : "div.code.nameless",
    { testid: "code-block" },
    element("div.code-head", {}, name, button),
    element("pre", {}, element("code", {}, ...coloured(text, language))),
  );
}
