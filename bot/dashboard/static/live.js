// Keeps the live page up to date: the server sends its changing part, drawn there, whenever it changes.

const place = document.getElementById("live");
const state = document.getElementById("live-state");
const full = document.getElementById("live-full");

const source = new EventSource(`${location.pathname}/events${location.search}`);
source.onmessage = (event) => {
  place.innerHTML = event.data;
  state.textContent = "live";
};
source.onopen = () => (state.textContent = "live");
source.onerror = () => (state.textContent = "not connected; trying again …");
source.addEventListener("end", () => {
  source.close();
  state.textContent = "signed out: send /dashboard to the bot for a new link";
});

if (document.fullscreenEnabled) {
  full.hidden = false;
  full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
}
