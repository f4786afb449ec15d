// Runs before the first paint, so that a chosen theme never flashes the other one.
try {
  const chosen = JSON.parse(localStorage.getItem("emulator-chat") || "{}").theme;
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be closed to the page; the system's theme is fine then.
}
