// Addresses in messages and on buttons: which ones start the bot, and how the others are opened.

// links.py reads the same links.
const START_LINK = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(\w+)\/?\?(?:\S*&)?start=([\w-]{1,64})(?:[&#]\S*)?$/i;

// What a link hands to the bot of this name when it starts; an empty text for any other link.
export function startPayload(address, username) {
  const match = START_LINK.exec(address);
  return match?.[1].toLowerCase() === username.toLowerCase() ? match[2] : "";
}

export const startLink = (username, payload) => `https://t.me/${username}?start=${payload}`;

// Telegram takes addresses without a scheme, a browser would look for them on this server.
export const complete = (address) => (/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`);

// Opens an address beside the page; the other page learns nothing of this one.
export const openBeside = (address) => window.open(complete(address), "_blank", "noopener,noreferrer");
