// The page's way to the server: acts of people, views, and the live stream.

async function answered(response) {
  const body = await response.json();
  if (!body.ok) throw new Error(body.description);
  return body;
}

export async function act(name, parameters) {
  const response = await fetch(`sim/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(parameters),
  });
  return (await answered(response)).result;
}

// `name` is the act that takes the file: "document" or "photo".
export async function sendFile(name, parameters, file) {
  const form = new FormData();
  for (const [key, value] of Object.entries(parameters)) form.append(key, value);
  form.append("file", file);
  return (await answered(await fetch(`sim/${name}`, { method: "POST", body: form }))).result;
}

export async function view(path) {
  return answered(await fetch(`sim/${path}`));
}

// Calls `onEvent` for every event; `onOpen` each time the connection stands anew, `onLost` when it breaks.
export function listen({ onEvent, onOpen, onLost }) {
  const source = new EventSource("sim/stream?calls=1");
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onopen = onOpen;
  source.onerror = onLost;
}

export const fileAddress = (id) => `sim/files/${encodeURIComponent(id)}`;
