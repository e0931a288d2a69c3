/* What is typed is kept in this browser until the desk has it. It is locked (AES-GCM) with a key that only pages
   of its writer carry, so that whoever uses the browser next can neither see nor dig it out. Without a secure
   context (plain http on another name than localhost) the browser has no locks: then it lies there under the
   number of the person, and signing out asks before it leaves anything behind. */
const { person = "0", keepKey = "" } = document.body.dataset;
const prefix = `amends:${person}:`, SENT = "~sent:";
export const canLock = Boolean(globalThis.crypto && crypto.subtle && keepKey);
const turns = new Map(); // by name: the newest writing wins, however long locking takes
let lockKey = null;

const bytesOf = (hex) => new Uint8Array(hex.match(/../g).map((pair) => parseInt(pair, 16)));
const toText = (bytes) => btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const theKey = () => (lockKey ||= crypto.subtle.importKey("raw", bytesOf(keepKey), "AES-GCM", false, ["encrypt", "decrypt"]));

async function lock(text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await theKey(), new TextEncoder().encode(text));
  return `1.${toText(iv)}.${toText(sealed)}`;
}
async function unlock(raw) {
  if (!raw.startsWith("1.")) return raw;
  const [, iv, sealed] = raw.split(".");
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(iv) }, await theKey(), toBytes(sealed)));
}
const next = (name) => { const turn = (turns.get(name) || 0) + 1; turns.set(name, turn); return turn; };

export const store = {
  async get(name) {
    try { const raw = localStorage.getItem(prefix + name); return raw ? JSON.parse(await unlock(raw)) : null; } catch { return null; }
  },
  /* True once it is kept, or something newer is; false where the browser refuses (full, forbidden). */
  async set(name, value) {
    const turn = next(name), plain = JSON.stringify(value);
    try {
      const raw = canLock ? await lock(plain) : plain;
      if (turns.get(name) === turn) localStorage.setItem(prefix + name, raw);
      return true;
    } catch { return false; }
  },
  drop(name) { next(name); try { localStorage.removeItem(prefix + name); } catch { /* nothing is kept then */ } },
  names() {
    try { return Object.keys(localStorage).filter((one) => one.startsWith(prefix) && !one.startsWith(prefix + SENT)).map((one) => one.slice(prefix.length)); } catch { return []; }
  },
  /* A form is on its way with these places; they are dropped once the desk confirms its stamp. */
  sent(stamp, places) { try { localStorage.setItem(prefix + SENT + stamp, JSON.stringify(places)); } catch { /* then they come back once more */ } },
  arrived(stamp) {
    try {
      const key = prefix + SENT + stamp, places = JSON.parse(localStorage.getItem(key) || "[]");
      places.forEach((place) => this.drop(place));
      localStorage.removeItem(key);
    } catch { /* as above */ }
  },
};
