// @ts-check
/** Bytes as text and back: hex and base64, as people type and paste them. */

/** @typedef {"hex" | "base64" | "text"} Notation */

/**
 * The bytes that a text stands for.
 *
 * @param {string} text Spaces, colons and line ends between digits do not count, nor a `0x` before them.
 * @param {Notation} notation @returns {Uint8Array<ArrayBuffer> | null} None where it stands for none.
 */
export function parsed(text, notation) {
  if (notation === "text") return new TextEncoder().encode(text);
  return notation === "hex" ? fromHex(text) : fromBase64(text);
}

/** @param {Uint8Array} bytes @param {Notation} notation @returns {string} */
export function written(bytes, notation) {
  if (notation === "text") return new TextDecoder().decode(bytes);
  if (notation === "base64") return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** The beginning of a binary payload, in one line. @param {ArrayBuffer | Uint8Array} data @param {number} [most] */
export function glimpse(data, most = 32) {
  const bytes = new Uint8Array(data);
  const count = `${bytes.length} byte${bytes.length === 1 ? "" : "s"}`;
  if (bytes.length === 0) return count;
  return `${count}: ${written(bytes.slice(0, most), "hex")}${bytes.length > most ? " …" : ""}`;
}

/** @param {string} text */
function fromHex(text) {
  const digits = text.replace(/0x|[\s:,_-]/gi, "");
  if (digits.length % 2 || /[^0-9a-f]/i.test(digits)) return null;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {string} text */
function fromBase64(text) {
  const usual = text.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (usual.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(usual)) return null;
  return Uint8Array.from(atob(usual), (sign) => sign.charCodeAt(0));
}
