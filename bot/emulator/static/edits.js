// What becomes of a text's formatting when its writer changes the text, as apps have it.

// Telegram finds these by itself; only the others were given by a writer.
const FOUND = new Set(["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"]);

// The formatting of the old text, moved to where it belongs in the new one. What is typed within it belongs to it.
export function moved(entities, before, after) {
  const start = shared(before, after);
  const tail = shared(reversed(before.slice(start)), reversed(after.slice(start)));
  const end = before.length - tail;
  const grown = after.length - before.length;
  const at = (place, stays) => (stays ? place : place >= end ? place + grown : start);
  return (entities || [])
    .filter((entity) => !FOUND.has(entity.type))
    .map((entity) => {
      const kept = entity.offset < start || (entity.offset === start && (start === 0 || end > start));
      const offset = at(entity.offset, kept);
      const last = at(entity.offset + entity.length, entity.offset + entity.length < start);
      return { ...entity, offset, length: last - offset };
    })
    .filter((entity) => entity.length > 0);
}

function shared(one, other) {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one[length] === other[length]) length++;
  return length;
}

const reversed = (text) => text.split("").reverse().join("");

// A text as an app sends it: in pieces of as many characters as one message may have.
export function pieces(text, longest) {
  const characters = [...text];
  const cut = [];
  for (let at = 0; at < characters.length; at += longest) cut.push(characters.slice(at, at + longest).join(""));
  return cut.filter((piece) => piece.trim());
}
