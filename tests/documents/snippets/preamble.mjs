// Stands before snippets of phoenix.js: collects what they say, and ends when all has been said.

import { createRequire } from "node:module";

globalThis.WebSocket = createRequire(import.meta.url)("ws");

const LINES = Number(process.argv[2]);
const said = [];
const plain = (word) => (word instanceof ArrayBuffer ? [...new Uint8Array(word)] : word);

console.log = (...words) => {
  said.push(words.map(plain));
  if (said.length === LINES) process.stdout.write(JSON.stringify(said), () => process.exit(0));
};

setTimeout(() => {
  process.stderr.write(`said only ${JSON.stringify(said)}`, () => process.exit(1));
}, 20000);

