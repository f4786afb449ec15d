// What the reader chose about the page, kept in the browser.

const KEY = "emulator-chat";
const DEFAULTS = { theme: "", columns: 1, open: [], calls: false, polling: false };

function read() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) || "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export const settings = read();

export function remember(changes) {
  Object.assign(settings, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Without storage the choice lasts until the page closes.
  }
}

export function isDark() {
  if (settings.theme) return settings.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  remember({ theme });
  document.documentElement.dataset.theme = theme;
}
