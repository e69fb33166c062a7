// phoenix.js in Chromium, on a page of another origin, with no WebSocket getting through: it polls.
// Arguments: the server's address, the file of phoenix.js, "allowed" or "refused".
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline/promises";

import { launch } from "./visitor.mjs";

const [address, phoenix, expected] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();
const overall = setTimeout(() => process.exit(2), 60_000);

const files = {
  "/": ["text/html", "<!doctype html><title>elsewhere</title>"],
  "/phoenix.mjs": ["text/javascript", readFileSync(phoenix)],
};
const elsewhere = createServer((request, response) => {
  const [type, content] = files[request.url] ?? ["text/plain", ""];
  response.writeHead(200, { "Content-Type": type }).end(content);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => elsewhere.once("listening", resolve));

const browser = await launch();
const page = await browser.newPage();
// The page's host is another one than the server's, though both are this machine.
await page.goto(`http://localhost:${elsewhere.address().port}/`);
await page.evaluate(async (server) => {
  window.WebSocket = class Blocked {
    readyState = 0;
    close() {
      this.onclose?.(new CloseEvent("close", { code: 1006 }));
    }
  };
  const { LongPoll, Socket } = await import("/phoenix.mjs");
  window.errors = [];
  const connected = (options = {}) => {
    const soon = { reconnectAfterMs: () => 20, rejoinAfterMs: () => 20, longPollFallbackMs: 50 };
    const socket = new Socket(`${server.replace("http", "ws")}/socket`, { ...soon, ...options });
    socket.onError((error) => errors.push(error));
    socket.connect();
    return socket;
  };
  const joined = (socket, topic, params = {}) => {
    const channel = socket.channel(topic, params);
    channel.joins = 0;
    return new Promise((resolve) => {
      channel.join().receive("ok", () => {
        channel.joins += 1;
        resolve(channel);
      });
    });
  };
  const reply = (channel, event, payload) =>
    new Promise((resolve) => channel.push(event, payload).receive("ok", resolve));
  const polls = (socket) => socket.conn instanceof LongPoll;
  Object.assign(window, { connected, joined, reply, polls });
}, address);

async function isServed() {
  const conversation = await page.evaluate(async () => {
    // With a token even a GET is one that the browser asks about first (OPTIONS).
    const socket = connected({ authToken: "secret/with+signs" });
    const [ann, ben] = await Promise.all(
      [socket, connected()].map((each) => joined(each, "room:1", { token: "ok" })),
    );
    const heard = new Promise((resolve) => ben.on("new_msg", resolve));
    await reply(ann, "new_msg", { body: "hi" });
    const echo = (window.echo = await joined(socket, "echo:1"));
    const numbers = [...Array(150).keys()];
    const replies = await Promise.all(numbers.map((n) => reply(echo, "echo", { n })));
    const { size } = await reply(echo, "bin_size", Uint8Array.of(1, 2, 3).buffer);
    const inOrder = replies.every(({ n }, index) => n === index);
    return [polls(socket), await heard, inOrder, size];
  });
  assert.deepEqual(conversation, [true, { body: "hi" }, true, 3]);
  for (const wish of ["stop", "start"]) {
    console.log(wish);
    await answers.next();
  }
  await page.waitForFunction(() => echo.joins === 2);
  assert.deepEqual(await page.evaluate(() => reply(echo, "echo", { n: "back" })), { n: "back" });
}

async function isRefused() {
  await page.evaluate(() => void connected());
  await page.waitForFunction(() => errors.includes(403));
}

try {
  await (expected === "allowed" ? isServed() : isRefused());
} finally {
  await browser.close();
  elsewhere.close();
  lines.close();
  clearTimeout(overall);
}
