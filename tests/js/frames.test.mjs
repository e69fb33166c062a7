// Binary payloads, byte by byte: protocol B1.8.
import assert from "node:assert/strict";
import { test } from "node:test";

import { World, outcome } from "./world.mjs";

const bytes = (text) => [...new TextEncoder().encode(text)];
const list = (buffer) => [...new Uint8Array(buffer)];

test("a buffer is pushed as kind 0 with join_ref and ref", async () => {
  const world = new World().connected();
  const room = await world.joined("t");

  room.push("e", Uint8Array.of(1).buffer).catch(() => {});

  assert.deepEqual(world.heard, [0, 1, 1, 1, 1, ...bytes("12te"), 1]);
});

test("a view is pushed without what surrounds it", async () => {
  const world = new World().connected();
  const room = await world.joined("t");

  room.send("e", Uint8Array.of(9, 1, 2, 9).subarray(1, 3));

  assert.deepEqual(world.heard, [0, 1, 1, 1, 1, ...bytes("12te"), 1, 2]);
});

test("topics and events are counted in bytes of UTF-8", async () => {
  const world = new World().connected();
  const room = await world.joined("日本");

  room.send("é", new Uint8Array(0));

  assert.deepEqual(world.heard, [0, 1, 1, 6, 2, ...bytes("12日本é")]);
});

test("a binary join may be sent", async () => {
  const world = new World().connected();

  world.socket.channel("t").join(Uint8Array.of(7)).catch(() => {});

  assert.deepEqual(world.heard, [0, 1, 1, 1, 8, ...bytes("11tphx_join"), 7]);
});

test("what has no form on the wire rejects its own push and no other", async () => {
  const world = new World().connected();
  const room = await world.joined("t");
  const circle = {};
  circle.self = circle;

  const long = await outcome(room.push("e".repeat(256), Uint8Array.of(1)));
  const endless = await outcome(room.push("e", circle));
  const fine = room.push("e");
  world.grants();

  assert.deepEqual(long, { name: "RangeError", reason: "over 255 bytes: no binary form" });
  assert.equal(endless.name, "TypeError");
  assert.deepEqual(await fine, {});
});

test("a binary reply gives its bytes", async () => {
  const world = new World().connected();
  const room = await world.joined("t");

  const pushed = room.push("e");
  world.link.saysBytes(1, 1, 1, 1, 2, ...bytes("12tok"), 65, 66, 67);

  assert.deepEqual(list(await pushed), [65, 66, 67]);
});

test("a binary error reply is a refusal with its bytes", async () => {
  const world = new World().connected();
  const room = await world.joined("t");

  const pushed = outcome(room.push("e"));
  world.link.saysBytes(1, 1, 1, 1, 5, ...bytes("12terror"), 65);

  const { name, reason, response } = await pushed;
  assert.deepEqual([name, reason, list(response)], ["Refused", "refused", [65]]);
});

test("binary pushes and broadcasts reach the listeners, stale ones do not", async () => {
  const world = new World().connected();
  const room = await world.joined("tópic");
  const heard = [];
  room.on("event", (payload) => heard.push(list(payload)));

  world.link.saysBytes(0, 1, 6, 5, ...bytes("1tópicevent"), 1);
  world.link.saysBytes(0, 1, 6, 5, ...bytes("9tópicevent"), 2);
  world.link.saysBytes(0, 0, 6, 5, ...bytes("tópicevent"), 3);
  world.link.saysBytes(2, 6, 5, ...bytes("tópicevent"), 4);

  assert.deepEqual(heard, [[1], [3], [4]]);
});

test("an unknown kind of frame is an error to be seen, and the connection lives", () => {
  const world = new World().connected();

  assert.throws(() => world.link.saysBytes(3, 0), /no kind of binary frame/);

  assert.equal(world.socket.state, "open");
});
