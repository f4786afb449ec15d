// Keeps the live page up to date: the server sends its changing part, drawn there, whenever it changes.

const place = document.getElementById("live");
const state = document.getElementById("live-state");
const full = document.getElementById("live-full");
const RETRY = 5000;

const source = new EventSource(`${location.pathname}/events${location.search}`);
source.onmessage = (event) => {
  place.innerHTML = event.data;
  state.textContent = "live";
};
source.onopen = () => (state.textContent = "live");
source.onerror = () => {
  state.textContent = "not connected; trying again …";
  // After an answer that is no stream, as of a proxy while the bot starts anew, a browser asks no more by itself.
  if (source.readyState === EventSource.CLOSED) setTimeout(reload, RETRY);
};
source.addEventListener("end", () => {
  source.close();
  state.textContent = "signed out: send /dashboard to the bot for a new link";
});

// As soon as the server answers for itself, be it only to say who is signed out.
function reload() {
  const later = () => setTimeout(reload, RETRY);
  fetch(location.href, { method: "HEAD" }).then((answer) => (answer.status < 500 ? location.reload() : later()), later);
}

if (document.fullscreenEnabled) {
  full.hidden = false;
  full.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
}
