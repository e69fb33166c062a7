// The log of what went over the wire: bounded, filtered, timed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Log, MOST } from "../../channelkit/documents/console/log.js";

const push = (event, more = {}) => ({ joinRef: "1", ref: null, topic: "room:1", event, payload: {}, ...more });

test("it keeps the last thousand", () => {
  const log = new Log(() => 0);

  for (let n = 0; n < MOST + 5; n += 1) log.add(push(`e${n}`), true);

  assert.deepEqual([log.rows.length, log.rows[0].event, log.rows.at(-1).id], [MOST, "e5", MOST + 5]);
});

test("a reply has the event and the time of its push, once", () => {
  let now = 0;
  const log = new Log(() => now);
  log.add(push("ask", { ref: "7" }), true);
  now = 12;

  const reply = push("phx_reply", { ref: "7", payload: { status: "ok", response: 5 } });
  const [first, again] = [log.add(reply, false), log.add(reply, false)];

  assert.deepEqual([first.of, first.latency, first.status, first.payload], ["ask", 12, "ok", 5]);
  assert.deepEqual([again.of, again.latency], ["", null]);
});

test("clearing leaves what is still unanswered", () => {
  const log = new Log(() => 0);
  log.add(push("ask", { ref: "7" }), true);

  log.clear();
  const reply = log.add(push("phx_reply", { ref: "7", payload: { status: "ok", response: {} } }), false);

  assert.deepEqual([log.rows.length, reply.of], [1, "ask"]);
});

test("a filter goes by way, topic, words in the payload, and leaves heartbeats out unless asked", () => {
  const log = new Log(() => 0);
  log.add(push("heartbeat", { topic: "phoenix" }), true);
  log.add(push("posted", { payload: { body: "Hello" } }), false);
  log.add(push("bytes", { topic: "room:2", payload: new ArrayBuffer(2) }), true);
  log.note("open", { url: "ws://x" });
  const shown = (filter) => log.shown(filter).map(({ event }) => event);

  assert.deepEqual(shown({}), ["posted", "bytes", "open"]);
  assert.deepEqual(shown({ heartbeats: true }), ["heartbeat", "posted", "bytes", "open"]);
  assert.deepEqual(shown({ text: "hello" }), ["posted"]);
  assert.deepEqual(shown({ text: "BINARY" }), ["bytes"]);
  assert.deepEqual(shown({ topic: "room:2" }), ["bytes"]);
  assert.deepEqual(shown({ way: "link" }), ["open"]);
});
