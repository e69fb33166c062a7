// One console's connection, on a fake WebSocket and a clock that stands still.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Session, addressOf } from "../../channelkit/documents/console/session.js";
import { World, pending } from "../js/world.mjs";

const URL_ = "wss://example.org/socket";
const event = (name, more = {}) => ({ event: name, accepts: [], answers: [{ kind: "empty" }], refuses: [], silent: false, streams: null, ...more });
const ROOM = { name: "Room", pattern: "room:{id}", presence: { meta: {}, beside: null }, join: { refuses: [] } };

/** A session in a world of its own. */
function console_(options = {}) {
  const world = new World();
  const session = new Session({ now: () => world.clock.now, settings: world.fakes, ...options });
  const states = [];
  session.on("link", () => states.push(session.link.state));
  return { world, session, states };
}

async function joined(options) {
  const here = console_(options);
  here.session.connect(URL_, { token: "t" });
  here.world.link.opens();
  const join = here.session.join("room:1", ROOM, { name: "ann" });
  await tick();
  here.world.clock.advance(5);
  here.world.grants({ you: "ann" });
  here.join = await join;
  return here;
}

const tick = () => new Promise(setImmediate);
const summary = (rows) => rows.map(({ way, event, status }) => [way, event, status].filter(Boolean).join(" "));

test("connecting tells of each state and says where to", () => {
  const { world, session, states } = console_();

  session.connect(URL_, { token: "a b" });
  world.link.opens();

  assert.deepEqual(states, ["connecting", "open"]);
  assert.equal(world.link.url, addressOf(URL_, { token: "a b" }));
  assert.deepEqual(summary(session.log.rows), ["link connecting", "link open"]);
});

test("a lost connection counts its tries and knows when the next one is", async () => {
  const { world, session, states } = await joined();
  world.link.drops(1012, "restart");
  const lost = { ...session.link };

  world.clock.advance(10);
  world.link.drops();

  assert.deepEqual([lost.state, lost.code, lost.reason, lost.nextAt], ["waiting", 1012, "restart", 15]);
  assert.deepEqual([session.link.state, session.link.tries, session.link.wasOpen], ["waiting", 1, true]);
  assert.equal(session.topics.get("room:1").state, "errored");
  assert.deepEqual(states, ["connecting", "open", "waiting", "connecting", "waiting"]);
});

test("a reconnect joins again and forgets how it was lost", async () => {
  const { world, session } = await joined();
  world.link.drops(1012);
  session.retry();
  world.link.opens();
  world.grants({ you: "ann again" });
  await tick();

  const topic = session.topics.get("room:1");
  assert.deepEqual([topic.state, topic.join.response], ["joined", { you: "ann again" }]);
  assert.deepEqual([session.link.tries, session.link.code], [0, undefined]);
});

test("the first failed try asks the server why, and a refusal ends the trying", async () => {
  const asked = [];
  const why = async (url) => (asked.push(url), { status: 403, response: { reason: "bad_token" } });
  const { world, session, states } = console_({ why });
  session.connect(URL_, {});

  world.link.drops();
  await tick();
  world.clock.advance(100_000);

  assert.deepEqual(asked, [addressOf(URL_, {})]);
  assert.deepEqual(states.slice(-2), ["closed", "refused"]);
  assert.deepEqual(session.link.denial, { status: 403, response: { reason: "bad_token" } });
  assert.equal(world.links.length, 1);
  assert.equal(session.log.rows.at(-1).event, "refused");
});

test("where the server does not refuse, or is not there, the trying goes on", async () => {
  for (const why of [async () => null, () => Promise.reject(new Error("no server"))]) {
    const { world, session } = console_({ why });
    session.connect(URL_, {});

    world.link.drops();
    await tick();
    world.clock.advance(10);

    assert.deepEqual([session.link.state, world.links.length], ["connecting", 2]);
  }
});

test("where the server would let it in, time and again, something stands between", async () => {
  const { world, session } = console_({ why: async () => ({ status: 101, response: {} }) });
  session.connect(URL_, {});
  const blocked = [];
  for (let tries = 1; tries <= 6; tries += 1) {
    world.link.drops();
    await tick();
    blocked.push(session.link.blocked);
    world.clock.advance(10_000);
  }
  world.link.opens();

  assert.deepEqual(blocked, [false, false, false, false, false, true]);
  assert.deepEqual([session.link.state, session.link.blocked], ["open", false]);
});

test("an answer that comes once it is open changes nothing", async () => {
  let answer;
  const { world, session } = console_({ why: () => new Promise((resolve) => (answer = resolve)) });
  session.connect(URL_, {});
  world.link.drops();
  world.clock.advance(10);
  world.link.opens();

  answer({ status: 403, response: {} });
  await tick();

  assert.equal(session.link.state, "open");
});

test("connecting anew takes the place of the connection before", () => {
  const { world, session } = console_();
  session.connect(URL_, { a: "1" });
  world.link.opens();

  session.connect(URL_, { a: "2" });
  world.link.opens();

  assert.deepEqual(world.links[0].closed, { code: 1000, reason: "" });
  assert.equal(session.link.state, "open");
  session.disconnect();
  assert.deepEqual([session.link.state, session.link.code], ["closed", 1000]);
});

test("a join knows its reply, its ref and its time", async () => {
  const { join, session } = await joined();

  assert.deepEqual([join.state, join.response, join.latency, join.ref], ["ok", { you: "ann" }, 5, "1"]);
  assert.equal(session.topics.get("room:1").state, "joined");
});

test("a refused join keeps its topic with the reason, to be joined again or forgotten", async () => {
  const { world, session } = console_();
  session.connect(URL_, {});
  world.link.opens();
  const join = session.join("room:1", ROOM, {});
  await tick();
  world.answers("error", { reason: "room_full", limit: 1 });
  const { state, reason, response } = await join;

  assert.deepEqual([state, reason, response], ["error", "room_full", { reason: "room_full", limit: 1 }]);
  assert.deepEqual([session.topics.get("room:1").state, session.topics.get("room:1").reason], ["closed", "room_full"]);
  await session.leave("room:1");
  assert.equal(session.topics.size, 0);
});

test("joining a topic again leaves it first", async () => {
  const { world, session } = await joined();

  const again = session.join("room:1", ROOM, { name: "eve" });
  await tick();
  assert.equal(world.heard[3], "phx_leave");
  world.grants();
  await tick();
  world.grants();

  assert.equal((await again).state, "ok");
  assert.deepEqual(world.heard.slice(3), ["phx_join", { name: "eve" }]);
});

test("joining without a connection is refused at once", async () => {
  const { session } = console_();

  await assert.rejects(session.join("room:1", ROOM, {}), { reason: "disconnected" });
});

test("a reply is matched with its push by ref, whatever order they come in", async () => {
  const { world, session } = await joined();
  const first = session.push("room:1", event("one"), { a: 1 });
  const second = session.push("room:1", event("two"), {});

  world.clock.advance(3);
  world.link.says("1", "3", "room:1", "phx_reply", { status: "error", response: { reason: "no" } });
  await tick();
  world.clock.advance(3);
  world.link.says("1", "2", "room:1", "phx_reply", { status: "ok", response: { b: 2 } });
  const [one, two] = [await first.done, await second.done];

  assert.deepEqual([one.ref, one.state, one.response, one.latency], ["2", "ok", { b: 2 }, 6]);
  assert.deepEqual([two.ref, two.state, two.reason, two.latency], ["3", "error", "no", 3]);
  const replies = session.log.rows.filter(({ status }) => status).map(({ of, latency }) => [of, latency]);
  assert.deepEqual(replies, [["phx_join", 5], ["two", 3], ["one", 6]]);
});

test("a push that no reply follows fails with the reason", async () => {
  const { world, session } = await joined();
  const lost = session.push("room:1", event("one"), {});

  world.link.drops();

  assert.deepEqual([(await lost.done).state, lost.call.reason], ["failed", "disconnected"]);
  const nowhere = session.push("room:9", event("one"), {});
  assert.deepEqual([(await nowhere.done).state, nowhere.call.reason], ["failed", "unmatched topic"]);
});

test("an event without replies is only sent; an error reply still is its own", async () => {
  const { world, session } = await joined();
  let told = 0;
  const typing = event("typing", { silent: true, answers: [] });
  const { call, done } = session.push("room:1", typing, {}, () => (told += 1));
  await done;
  assert.deepEqual([call.state, call.ref], ["sent", "2"]);

  world.answers("error", { reason: "invalid payload" });
  assert.deepEqual([call.state, call.reason, told], ["error", "invalid payload", 1]);

  world.link.drops();
  assert.deepEqual((await session.push("room:1", typing, {}).done).state, "failed");
});

test("a stream's items come to its call, and its end ends it", async () => {
  const { world, session } = await joined();
  let told = 0;
  const { call, done } = session.push("room:1", event("count", { streams: ["number"] }), {}, () => (told += 1));
  world.link.says("1", "2", "room:1", "number", { n: 1 });
  world.link.says("1", "2", "room:1", "number", { n: 2 });
  assert.equal(await pending(done), true);
  world.link.says("1", "2", "room:1", "phx_reply", { status: "ok", response: {} });
  await done;

  assert.deepEqual([call.state, call.items.map(({ payload }) => payload.n), told], ["ok", [1, 2], 2]);
});

test("pushes that are heard are counted by event, presences kept as a list", async () => {
  const { world, session } = await joined();
  const counts = { heard: 0, presence: 0 };
  for (const what of Object.keys(counts)) session.on(what, () => (counts[what] += 1));

  world.link.says(null, null, "room:1", "posted", { body: "a" });
  world.link.says(null, null, "room:1", "posted", { body: "b" });
  world.link.says("1", null, "room:1", "presence_state", { ann: { metas: [{ phx_ref: "x" }] } });

  const { heard, present } = session.topics.get("room:1");
  assert.deepEqual([...heard], [["posted", { count: 2, last: { body: "b" } }]]);
  assert.deepEqual([...present.keys()], ["ann"]);
  assert.deepEqual(counts, { heard: 2, presence: 1 });
});

test("a topic that the server closes stays, closed", async () => {
  const { world, session } = await joined();

  world.link.says("1", "1", "room:1", "phx_close", {});

  assert.deepEqual([session.topics.get("room:1").state, session.topics.get("room:1").reason], ["closed", "closed"]);
});
