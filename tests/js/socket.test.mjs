// One connection: opening, the heartbeat, losing it and coming back, closing it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { World, outcome, states } from "./world.mjs";

test("connecting asks for version 2 at the endpoint's path", () => {
  const world = new World();

  world.socket.connect();

  assert.equal(world.link.url, "wss://example.org/socket/websocket?vsn=2.0.0");
  assert.deepEqual(world.changes, [{ state: "connecting" }]);
});

test("params travel in the URL, escaped, and are asked for at each connect", () => {
  let token = 0;
  const world = new World({ params: () => ({ token: `a&b ${++token}` }) });

  world.connected();
  world.reconnected();

  const asked = world.links.map(({ url }) => new URL(url).searchParams.get("token"));
  assert.deepEqual(asked, ["a&b 1", "a&b 2"]);
});

test("an http address becomes a WebSocket address", async () => {
  const { Socket } = await import("../../channelkit/js/channelkit.js");
  const { links, clock } = new World();
  class WebSocket {
    constructor(url) {
      links.push(url);
    }
  }

  new Socket("https://example.org:8443/socket", { ...clock, WebSocket }).connect();

  assert.deepEqual(links, ["wss://example.org:8443/socket/websocket?vsn=2.0.0"]);
});

test("connecting twice opens one connection", () => {
  const world = new World();

  world.socket.connect();
  world.socket.connect();

  assert.equal(world.links.length, 1);
});

test("a connection that does not open in time is dropped and tried again", () => {
  const world = new World();
  world.socket.connect();

  world.clock.advance(10_000);

  assert.deepEqual(world.links[0].closed, { code: 4000, reason: "connect timeout" });
  const waiting = { state: "waiting", code: 1006, reason: "connect timeout", retryIn: 10 };
  assert.deepEqual(world.changes.at(-1), waiting);
});

test("the heartbeat goes out each interval and any answer satisfies it", () => {
  const world = new World().connected();

  world.clock.advance(30_000);
  world.link.says(null, "9", "room:1", "noise", {});
  world.clock.advance(30_000);

  const beat = (ref) => [null, ref, "phoenix", "heartbeat", {}];
  assert.deepEqual(world.link.sent, [beat("1"), beat("2")]);
  assert.equal(world.socket.state, "open");
});

test("a heartbeat without any answer drops the connection and connects anew", () => {
  const world = new World().connected();

  world.clock.advance(60_000);

  assert.deepEqual(world.links[0].closed, { code: 4000, reason: "heartbeat timeout" });
  assert.equal(world.socket.state, "waiting");
  world.clock.advance(10);
  assert.equal(world.links.length, 2);
});

test("the late close event of a dropped connection changes nothing", () => {
  const world = new World().connected();
  world.clock.advance(60_010);
  world.link.opens();

  world.links[0].drops();

  assert.equal(world.socket.state, "open");
});

test("waiting grows in phoenix.js's steps and stays at the last", () => {
  const world = new World();
  world.socket.connect();
  const waits = [];

  for (let tries = 0; tries < 12; tries += 1) {
    world.link.drops();
    waits.push(world.changes.at(-1).retryIn);
    world.clock.advance(5000);
  }

  assert.deepEqual(waits, [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000, 5000]);
});

test("jitter spreads the waiting from half to one and a half of its step", () => {
  const waits = [0, 0.999].map((random) => {
    const world = new World({ random: () => random });
    world.socket.connect();
    world.link.drops();
    return Math.round(world.changes.at(-1).retryIn);
  });

  assert.deepEqual(waits, [5, 15]);
});

test("opening alone does not start the steps again, the first frame does", () => {
  const world = new World().connected();
  world.reconnected();
  world.link.drops();
  assert.equal(world.changes.at(-1).retryIn, 50);
  world.clock.advance(50);
  world.link.opens();

  world.link.says(null, null, "room:1", "noise", {});
  world.link.drops();

  assert.equal(world.changes.at(-1).retryIn, 10);
});

test("closing sends the code, tells once, and never comes back", () => {
  const world = new World().connected();

  world.socket.close(1000, "bye");
  world.socket.close();
  world.links[0].drops(1000);
  world.clock.advance(100_000);

  assert.deepEqual(world.link.closed, { code: 1000, reason: "bye" });
  assert.deepEqual(states(world.changes), ["connecting", "open", "closed"]);
  assert.deepEqual([world.links.length, world.clock.waiting], [1, 0]);
});

test("closing while waiting ends the waiting", () => {
  const world = new World().connected();
  world.link.drops();

  world.socket.close();
  world.clock.advance(100_000);

  assert.deepEqual([world.links.length, world.clock.waiting], [1, 0]);
});

test("closing closes every channel and rejects what waits for an answer", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const pushed = outcome(room.push("new_msg"));

  world.socket.close();

  assert.deepEqual(await pushed, { name: "CallFailed", reason: "closed" });
  assert.deepEqual([room.state, world.clock.waiting], ["closed", 0]);
});

test("the server's close 1000 is for good, any other is not", () => {
  const ends = [1000, 1001, 1005, 1006, 1012, 1013].map((code) => {
    const world = new World().connected();
    world.link.drops(code, "why");
    return [code, world.socket.state];
  });

  const [normal, ...others] = ends;
  assert.deepEqual(normal, [1000, "closed"]);
  assert.ok(others.every(([, state]) => state === "waiting"));
});

test("a closed socket can be connected again", () => {
  const world = new World().connected();
  world.socket.close();

  world.connected();

  assert.equal(world.socket.state, "open");
});

test("waking while waiting connects at once", () => {
  const world = new World().connected();
  world.link.drops();

  world.socket.wake();

  assert.equal(world.links.length, 2);
  world.clock.advance(10);
  assert.equal(world.links.length, 2);
});

test("waking while open asks for a sign of life, and waits for it no longer than for a reply", () => {
  const world = new World().connected();
  world.clock.advance(30_000);

  world.socket.wake();
  world.clock.advance(10_000);

  assert.equal(world.link.sent.length, 2);
  assert.equal(world.socket.state, "waiting");
});

test("waking a closed socket does nothing", () => {
  const world = new World();

  world.socket.wake();

  assert.equal(world.links.length, 0);
});

test("the page's return wakes the socket, its going does not, and closing stops listening", () => {
  const page = Object.assign(new EventTarget(), { visibilityState: "hidden" });
  Object.assign(globalThis, { document: page, addEventListener() {}, removeEventListener() {} });
  const world = new World().connected();
  world.link.drops();

  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(world.links.length, 1);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(world.links.length, 2);
  world.link.drops();
  world.socket.close();
  page.dispatchEvent(new Event("visibilitychange"));

  assert.equal(world.links.length, 2);
  delete globalThis.document;
});

test("a watcher that closes the socket in the middle of a loss has the last word", async () => {
  const world = new World().connected();
  const room = await world.joined();
  world.socket.onState(({ state }) => state === "waiting" && world.socket.close());

  world.link.drops();
  world.clock.advance(100_000);

  assert.deepEqual(states(world.changes), ["connecting", "open", "waiting", "closed"]);
  assert.deepEqual([room.state, world.links.length, world.clock.waiting], ["closed", 1, 0]);
});

test("a watcher no longer wanted is not told", () => {
  const world = new World();
  const told = [];
  const stop = world.socket.onState(({ state }) => told.push(state));
  world.socket.connect();

  stop();
  world.link.opens();

  assert.deepEqual(told, ["connecting"]);
});

test("an observer sees all that goes and comes, heartbeats too, and breaks nothing", async () => {
  const seen = [];
  const observe = ({ ref, event, payload }, sent) => {
    seen.push([sent ? "sent" : "received", ref, event, payload]);
    if (event === "phx_join") throw new Error("the observer's");
  };
  const [later, thrown] = [globalThis.queueMicrotask, []];
  globalThis.queueMicrotask = (task) => thrown.push(task);
  const world = new World({ observe }).connected();

  await world.joined("room:1", { name: "ann" });
  world.clock.advance(30_000);

  const reply = { status: "ok", response: {} };
  assert.deepEqual(seen, [
    ["sent", "1", "phx_join", { name: "ann" }],
    ["received", "1", "phx_reply", reply],
    ["sent", "2", "heartbeat", {}],
  ]);
  assert.throws(thrown[0], /the observer's/);
  globalThis.queueMicrotask = later;
});

test("what cannot be sent is not observed", () => {
  const seen = [];
  const world = new World({ observe: (envelope) => seen.push(envelope) });
  world.socket.connect();
  world.socket.channel("room:1").join();

  world.link.drops();

  assert.deepEqual(seen, []);
});
