// channelkit.js in Chromium against examples.conformance: the wire as it is, no page of ours.
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";

import { launch } from "./visitor.mjs";

const [base] = process.argv.slice(2);
const MODULE = new URL("../../channelkit/js/channelkit.js", import.meta.url).pathname;
const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();
const overall = setTimeout(() => process.exit(2), 60_000);
const browser = await launch();
const page = await browser.newPage();
await page.route("**/channelkit.js", (route) => route.fulfill({ path: MODULE, contentType: "text/javascript" }));
await page.goto(base);

// What the page's functions below share.
await page.evaluate(async () => {
  const { Refused, Socket } = await import("/channelkit.js");
  const connected = (params = {}) => {
    const socket = new Socket("/socket", { params });
    socket.connect();
    return socket;
  };
  const joined = async (topic, params, socket = connected()) => {
    const channel = socket.channel(topic);
    await channel.join(params);
    return channel;
  };
  const failure = (promise) => promise.then(() => null, ({ name, reason, response }) => ({ name, reason, response }));
  const heard = (channel, event) => new Promise((resolve) => channel.on(event, resolve));
  const becomes = (watched, wanted) =>
    new Promise((resolve) => watched.onState((change) => change.state === wanted && resolve(change)));
  const bytes = (buffer) => [...new Uint8Array(buffer)];
  Object.assign(globalThis, { Refused, connected, joined, failure, heard, becomes, bytes });
});

const behaviours = {
  "replies carry any JSON": async () => {
    const echo = await joined("echo:日本 %?&#/:x:");
    const values = [{ a: [1, null, "é"] }, [], "text", 7, false, null];
    return Promise.all(values.map((value) => echo.push("echo", value)));
  },
  "binary goes and comes": async () => {
    const echo = await joined("echo:bin");
    const pushed = heard(echo, "pushed_bin");
    const sent = heard(echo, "bcast_bin");
    await echo.push("push_bin", Uint8Array.of(1, 2));
    await echo.push("bcast_bin", Uint8Array.of(3).buffer);
    const reply = await echo.push("bin", Uint8Array.of(0, 255));
    const large = await echo.push("bin_size", new Uint8Array(300_000));
    return [bytes(await pushed), bytes(await sent), bytes(reply), large.size];
  },
  "refusals carry their body": async () => {
    const echo = await joined("echo:no");
    const bare = await failure(echo.push("error_bare"));
    return [await failure(echo.push("error")), bare, await failure(joined("room:x", {})), await failure(joined("nope"))];
  },
  "a broadcast reaches the others": async () => {
    const [ann, ben] = await Promise.all([1, 2].map((user) => joined("room:1", { token: "ok", user: String(user) })));
    const both = Promise.all([heard(ann, "new_msg"), heard(ben, "new_msg")]);
    await ann.push("new_msg", { body: "hi" });
    return both;
  },
  "a crash costs the push and joins again": async () => {
    const echo = await joined("echo:crash");
    const again = becomes(echo, "joined");
    const crash = await failure(echo.push("crash"));
    await again;
    return [crash.reason, await echo.push("echo", "back")];
  },
  "a stop closes": async () => {
    const echo = await joined("echo:stop");
    const closed = becomes(echo, "closed");
    const reply = await echo.push("stop_reply", { last: true });
    return [reply, (await closed).error.reason];
  },
  "a left topic may be joined again at once": async () => {
    const echo = await joined("echo:leave");
    echo.leave();
    await echo.join();
    return [echo.state, await echo.push("echo", 1)];
  },
  "a slow join holds its pushes, not its neighbours'": async () => {
    const socket = connected();
    const order = [];
    const slow = socket.channel("slow:1");
    const join = slow.join();
    const held = slow.push("echo", "held").then((value) => order.push(value));
    const echo = await joined("echo:quick", {}, socket);
    order.push(await echo.push("echo", "quick"));
    await Promise.all([join, held]);
    return order;
  },
  "a disconnected socket comes back": async () => {
    const socket = connected({ user: "eve" });
    const echo = await joined("echo:eve", {}, socket);
    const waiting = becomes(socket, "waiting");
    const again = becomes(echo, "joined");
    await fetch("/disconnect?user=eve");
    const { code } = await waiting;
    await again;
    return [code, await echo.push("echo", "back")];
  },
  "a refused socket keeps waiting": async () => {
    const socket = connected({ token: "deny" });
    const { state } = await becomes(socket, "waiting");
    socket.close();
    return [state, socket.state];
  },
};

const refused = (response) => ({ name: "Refused", reason: response.reason ?? "refused", response });
const expected = {
  "replies carry any JSON": [{ a: [1, null, "é"] }, [], "text", 7, false, null],
  "binary goes and comes": [[1, 2], [3], [0, 255], 300_000],
  "refusals carry their body": [
    refused({ reason: "bad" }),
    refused({}),
    refused({ reason: "unauthorized" }),
    refused({ reason: "unmatched topic" }),
  ],
  "a broadcast reaches the others": [{ body: "hi" }, { body: "hi" }],
  "a crash costs the push and joins again": ["channel_crash", "back"],
  "a stop closes": [{ last: true }, "closed"],
  "a left topic may be joined again at once": ["joined", 1],
  "a slow join holds its pushes, not its neighbours'": ["quick", "held"],
  "a disconnected socket comes back": [1001, "back"],
  "a refused socket keeps waiting": ["waiting", "closed"],
};

async function survivingARestart() {
  await page.evaluate(async () => {
    globalThis.survivor = await joined("echo:survivor");
    globalThis.lost = becomes(survivor, "errored");
  });
  console.log("stop");
  await answers.next();
  await page.evaluate(() => lost.then(() => void (globalThis.back = becomes(survivor, "joined"))));
  console.log("start");
  await answers.next();
  assert.equal(await page.evaluate(() => back.then(() => survivor.push("echo", "alive"))), "alive");
}

try {
  for (const [name, behaviour] of Object.entries(behaviours)) {
    assert.deepEqual(await page.evaluate(behaviour), expected[name], name);
  }
  await survivingARestart();
} finally {
  await browser.close();
  lines.close();
  clearTimeout(overall);
}
