// One topic: joining, pushing, listening, losing it and coming back, leaving.
import assert from "node:assert/strict";
import { test } from "node:test";

import { World, outcome, pending, states } from "./world.mjs";

test("a join carries its ref as its join_ref and gives the response", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");

  const join = room.join({ name: "Ada" });
  world.grants({ members: 1 });

  assert.deepEqual(await join, { members: 1 });
  assert.deepEqual(world.link.sent, [["1", "1", "room:1", "phx_join", { name: "Ada" }]]);
  assert.equal(room.state, "joined");
});

test("a join made before the connection opens is sent when it does, and has its time from then", async () => {
  const world = new World({ timeout: 1000 });
  world.socket.connect();
  const join = world.socket.channel("room:1").join();
  world.clock.advance(900);

  world.link.opens();
  world.clock.advance(900);

  assert.ok(await pending(join));
  assert.deepEqual(world.heard, ["1", "1", "room:1", "phx_join", {}]);
});

test("a refused join rejects with the refusal, and nothing is tried again", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");

  const join = outcome(room.join());
  world.answers("error", { reason: "room_full", limit: 50 });

  const response = { reason: "room_full", limit: 50 };
  assert.deepEqual(await join, { name: "Refused", reason: "room_full", response });
  world.clock.advance(29_000);
  assert.equal(world.link.sent.length, 1);
});

test("a refused channel may be joined anew with other params", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  const refused = outcome(room.join({ name: "Ada" }));
  world.answers("error", { reason: "name_taken" });
  await refused;

  const join = room.join({ name: "Bob" });
  world.grants();

  assert.deepEqual(await join, {});
  assert.deepEqual(world.heard, ["2", "2", "room:1", "phx_join", { name: "Bob" }]);
});

test("a refusal without a reason is refused all the same", async () => {
  const world = new World().connected();
  const join = outcome(world.socket.channel("room:1").join());

  world.answers("error", {});

  assert.deepEqual(await join, { name: "Refused", reason: "refused", response: {} });
});

test("a join that is not answered in time rejects, and takes back what may still be granted", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  const join = outcome(room.join());

  world.clock.advance(10_000);

  assert.deepEqual(await join, { name: "CallFailed", reason: "timeout" });
  assert.deepEqual(world.heard, ["1", "2", "room:1", "phx_leave", {}]);
  world.link.says("1", "1", "room:1", "phx_reply", { status: "ok", response: {} });
  assert.equal(room.state, "closed");
});

test("a first join survives the loss of the connection", async () => {
  const world = new World().connected();
  const join = world.socket.channel("room:1").join();

  world.reconnected();
  world.grants({ members: 2 });

  assert.deepEqual(await join, { members: 2 });
  assert.deepEqual(world.heard, ["2", "2", "room:1", "phx_join", {}]);
});

test("joining twice is an error, of one channel or of two for the topic", async () => {
  const world = new World().connected();
  const [room, other] = [world.socket.channel("room:1"), world.socket.channel("room:1")];
  room.join();

  const twice = await outcome(room.join());
  const beside = await outcome(other.join());

  assert.deepEqual(twice, { name: "Error", reason: "room:1 is joining already" });
  assert.deepEqual(beside, { name: "Error", reason: "room:1 is in use by another Channel" });
});

test("the channel of a topic in use is the same one", async () => {
  const world = new World().connected();

  const room = await world.joined("room:1");

  assert.equal(world.socket.channel("room:1"), room);
  assert.notEqual(world.socket.channel("room:2"), room);
});

test("a push carries the join_ref and a fresh ref, and gives the reply's response", async () => {
  const world = new World().connected();
  const room = await world.joined();

  const accepted = room.push("new_msg", { body: "hi" });
  world.grants({ id: 1 });

  assert.deepEqual(await accepted, { id: 1 });
  assert.deepEqual(world.heard, ["1", "2", "room:1", "new_msg", { body: "hi" }]);
});

test("an error reply rejects with the refusal's body", async () => {
  const world = new World().connected();
  const room = await world.joined();

  const pushed = outcome(room.push("kick", { name: "Bob" }));
  world.answers("error", { reason: "forbidden" });

  const response = { reason: "forbidden" };
  assert.deepEqual(await pushed, { name: "Refused", reason: "forbidden", response });
});

test("replies find their pushes in any order", async () => {
  const world = new World().connected();
  const room = await world.joined();

  const pushes = [room.push("a"), room.push("b")];
  world.link.says("1", "3", "room:1", "phx_reply", { status: "ok", response: "second" });
  world.link.says("1", "2", "room:1", "phx_reply", { status: "ok", response: "first" });

  assert.deepEqual(await Promise.all(pushes), ["first", "second"]);
});

test("a push without an answer times out, and its late answer is nobody's", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const pushed = outcome(room.push("new_msg", {}, { timeout: 50 }));

  world.clock.advance(50);
  world.grants();

  assert.deepEqual(await pushed, { name: "CallFailed", reason: "timeout" });
});

test("a stream's items go to its listener until its reply, and all else to the others", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const [items, others] = [[], []];
  room.on("posted", (payload) => others.push(payload));

  const stream = room.stream("history", { since: 1 }, (item, event) => items.push([event, item]));
  world.link.says("1", "2", "room:1", "posted", { n: 1 });
  world.link.says(null, null, "room:1", "posted", { n: 2 });
  world.link.says("1", null, "room:1", "posted", { n: 3 });
  world.link.says("1", "2", "room:1", "typing", { n: 4 });
  world.link.says("0", "2", "room:1", "posted", { n: 5 }); // of an earlier join
  world.grants();
  world.link.says("1", "2", "room:1", "posted", { n: 6 });

  assert.equal(await stream, undefined);
  assert.deepEqual(items, [["posted", { n: 1 }], ["typing", { n: 4 }]]);
  assert.deepEqual(others, [{ n: 2 }, { n: 3 }, { n: 6 }]);
});

test("a stream that is broken off rejects with the refusal", async () => {
  const world = new World().connected();
  const room = await world.joined();

  const stream = outcome(room.stream("history", {}, () => {}));
  world.link.says("1", "2", "room:1", "posted", { n: 1 });
  world.answers("error", { reason: "forgotten" });

  const response = { reason: "forgotten" };
  assert.deepEqual(await stream, { name: "Refused", reason: "forgotten", response });
});

test("a stream has its time anew from each item", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const stream = outcome(room.stream("history", {}, () => {}, { timeout: 50 }));
  for (let n = 0; n < 3; n++) {
    world.clock.advance(40);
    world.link.says("1", "2", "room:1", "posted", { n });
  }
  const open = await pending(stream);

  world.clock.advance(51);

  assert.ok(open);
  assert.deepEqual(await stream, { name: "CallFailed", reason: "timeout" });
});

test("pushes made while joining wait and leave in order after the grant", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  room.join();
  room.push("first").catch(() => {});
  room.push("second").catch(() => {});
  assert.equal(world.link.sent.length, 1);

  world.grants();

  assert.deepEqual(world.link.sent.slice(1), [
    ["1", "2", "room:1", "first", {}],
    ["1", "3", "room:1", "second", {}],
  ]);
});

test("a push that timed out while waiting is never sent", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  room.join();
  const pushed = outcome(room.push("new_msg", {}, { timeout: 50 }));

  world.clock.advance(50);
  world.grants();

  assert.deepEqual(await pushed, { name: "CallFailed", reason: "timeout" });
  assert.equal(world.link.sent.length, 1);
});

test("only so many pushes may wait", async () => {
  const world = new World({ buffer: 1 }).connected();
  const room = world.socket.channel("room:1");
  room.join();
  room.push("first").catch(() => {});

  const second = await outcome(room.push("second"));

  assert.deepEqual(second, { name: "CallFailed", reason: "full" });
});

test("a push before the join is rejected", async () => {
  const room = new World().connected().socket.channel("room:1");

  assert.deepEqual(await outcome(room.push("new_msg")), { name: "CallFailed", reason: "closed" });
});

test("sending is now or never", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  const join = room.join();

  const early = room.send("typing");
  world.grants();
  await join;
  const late = room.send("typing", { on: true });

  assert.deepEqual([early, late], [false, true]);
  assert.deepEqual(world.link.sent.slice(1), [["1", "2", "room:1", "typing", { on: true }]]);
});

test("listeners hear their event, pushed or broadcast, until they stop", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const heard = [];
  const stop = room.on("posted", ({ id }) => heard.push(id));
  room.on("posted", ({ id }) => heard.push(-id));

  world.link.says("1", null, "room:1", "posted", { id: 1 });
  stop();
  world.link.says(null, null, "room:1", "posted", { id: 2 });
  room.off("posted");
  world.link.says(null, null, "room:1", "posted", { id: 3 });

  assert.deepEqual(heard, [1, -1, -2]);
});

test("taking off a listener of an event nobody listens to is harmless", () => {
  const room = new World().socket.channel("room:1");

  room.off("posted", () => {});

  assert.equal(room.state, "closed");
});

test("a listener that throws keeps nothing from the others", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const [heard, thrown] = [[], []];
  const { queueMicrotask } = globalThis;
  globalThis.queueMicrotask = (task) => thrown.push(task);
  room.on("posted", () => {
    throw new Error("mine");
  });
  room.on("posted", () => heard.push("posted"));

  world.link.says(null, null, "room:1", "posted", {});

  globalThis.queueMicrotask = queueMicrotask;
  assert.deepEqual(heard, ["posted"]);
  assert.throws(thrown[0], /mine/);
});

test("frames of an earlier join are dropped", async () => {
  const world = new World().connected();
  const room = await world.joined();
  world.reconnected();
  world.grants();
  const heard = [];
  room.on("posted", ({ id }) => heard.push(id));

  world.link.says("1", null, "room:1", "posted", { id: 1 });
  world.link.says("1", "1", "room:1", "phx_close", {});
  world.link.says("1", "1", "room:1", "phx_error", {});
  world.link.says("2", null, "room:1", "posted", { id: 2 });

  assert.deepEqual([heard, room.state], [[2], "joined"]);
});

test("frames of topics without a channel are dropped", async () => {
  const world = new World().connected();
  const room = await world.joined();

  world.link.says(null, null, "room:2", "posted", {});

  assert.equal(room.state, "joined");
});

test("a lost connection rejects what was sent, keeps what waits, and joins again", async () => {
  const world = new World({ params: {} }).connected();
  const room = await world.joined("room:1", { name: "Ada" });
  const sent = outcome(room.push("sent"));

  world.link.drops();
  const waiting = room.push("waiting");
  world.clock.advance(10);
  world.link.opens();
  world.grants({ members: 3 });
  world.grants({ id: 2 });

  assert.deepEqual(await sent, { name: "CallFailed", reason: "disconnected" });
  assert.deepEqual(await waiting, { id: 2 });
  assert.deepEqual(world.link.sent, [
    ["3", "3", "room:1", "phx_join", { name: "Ada" }],
    ["3", "4", "room:1", "waiting", {}],
  ]);
  assert.deepEqual(states(room.changes), ["joining", "joined", "errored", "joining", "joined"]);
  assert.deepEqual(room.changes.at(-1).response, { members: 3 });
});

test("params given as a function are asked for at each join", async () => {
  const world = new World().connected();
  let last = 0;
  await world.joined("room:1", () => ({ last: ++last }));

  world.reconnected();

  assert.deepEqual(world.heard.at(-1), { last: 2 });
});

test("a crashed channel rejects its calls and joins again after a second", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const pushed = outcome(room.push("crash"));

  world.link.says("1", "1", "room:1", "phx_error", { reason: "channel_crash" });
  world.clock.advance(999);
  assert.equal(world.link.sent.length, 2);
  world.clock.advance(1);
  world.grants();

  assert.deepEqual(await pushed, { name: "CallFailed", reason: "channel_crash" });
  assert.equal(room.state, "joined");
});

test("an old server's error without a reason is a crash", async () => {
  const world = new World().connected();
  const room = await world.joined();

  world.link.says("1", "1", "room:1", "phx_error", {});

  assert.equal(room.changes.at(-1).error.reason, "channel_crash");
});

test("a rejoin that is refused is told, and tried again in phoenix.js's steps", async () => {
  const world = new World().connected();
  const room = await world.joined();
  world.reconnected();
  const waits = [];

  for (const wait of [1000, 2000, 5000, 10_000, 10_000]) {
    world.answers("error", { reason: "name_taken" });
    const before = world.link.sent.filter(([, , , event]) => event === "phx_join").length;
    world.clock.advance(wait);
    world.link.says(null, null, "other", "noise", {});
    waits.push(world.link.sent.filter(([, , , event]) => event === "phx_join").length - before);
  }

  assert.deepEqual(waits, [1, 1, 1, 1, 1]);
  const { error } = room.changes.findLast(({ state }) => state === "errored");
  assert.deepEqual([error.name, error.reason], ["Refused", "name_taken"]);
});

test("a rejoin that is not answered in time is taken back and tried again", async () => {
  const world = new World().connected();
  const room = await world.joined();
  world.reconnected();

  world.clock.advance(10_000);
  assert.deepEqual(world.heard, ["2", "3", "room:1", "phx_leave", {}]);
  world.clock.advance(1000);

  assert.deepEqual(world.heard, ["4", "4", "room:1", "phx_join", {}]);
  assert.equal(room.changes.findLast(({ state }) => state === "errored").error.reason, "timeout");
});

test("losing the connection while waiting to rejoin joins once, with the new connection", async () => {
  const world = new World().connected();
  await world.joined();
  world.link.says("1", "1", "room:1", "phx_error", {});

  world.reconnected();
  world.grants();
  world.clock.advance(5000);

  assert.deepEqual(world.link.sent, [["2", "2", "room:1", "phx_join", {}]]);
});

test("the server's close ends the channel, its calls, and its joining again", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const pushed = outcome(room.push("stop"));

  world.link.says("1", "1", "room:1", "phx_close", {});
  world.reconnected();

  assert.deepEqual(await pushed, { name: "CallFailed", reason: "closed" });
  assert.deepEqual(states(room.changes), ["joining", "joined", "closed"]);
  assert.deepEqual(world.link.sent, []);
});

test("leaving lasts until the server answers, and what follows is dropped", async () => {
  const world = new World().connected();
  const room = await world.joined();

  const left = room.leave();
  assert.ok(await pending(left));
  world.grants();
  world.link.says("1", "1", "room:1", "phx_close", {});

  assert.equal(await left, undefined);
  assert.deepEqual(world.heard, ["1", "2", "room:1", "phx_leave", {}]);
  assert.deepEqual(states(room.changes), ["joining", "joined", "leaving", "closed"]);
});

test("leaving ends with its answer, its time, a close, a crash or the connection", async () => {
  const ends = [
    (world) => world.grants(),
    (world) => world.clock.advance(10_000),
    (world) => world.link.says("1", "1", "room:1", "phx_close", {}),
    (world) => world.link.says("1", "1", "room:1", "phx_error", {}),
    (world) => world.link.drops(),
    (world) => world.socket.close(),
  ];

  for (const end of ends) {
    const world = new World().connected();
    const room = await world.joined();
    const left = room.leave();
    end(world);
    assert.equal(await left, undefined);
    assert.equal(room.state, "closed");
  }
});

test("leaving twice sends one leave", async () => {
  const world = new World().connected();
  const room = await world.joined();

  const both = Promise.all([room.leave(), room.leave()]);
  world.grants();
  await both;

  assert.equal(world.link.sent.length, 2);
});

test("leaving without a connection is done at once, and nothing is joined later", async () => {
  const world = new World().connected();
  const room = await world.joined();
  world.link.drops();

  await room.leave();
  world.clock.advance(10);
  world.link.opens();

  assert.deepEqual([room.state, world.link.sent], ["closed", []]);
});

test("leaving in the middle of a join rejects the join and what waits for it", async () => {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  const join = outcome(room.join());
  const pushed = outcome(room.push("new_msg"));

  const left = room.leave();
  world.link.says("1", "1", "room:1", "phx_reply", { status: "ok", response: {} });
  world.grants();
  await left;

  const reason = { name: "CallFailed", reason: "left" };
  assert.deepEqual([await join, await pushed], [reason, reason]);
  assert.equal(world.link.sent.length, 2);
});

test("calls that were under way when leaving still get their answers", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const pushed = room.push("new_msg");

  const left = room.leave();
  world.link.says("1", "2", "room:1", "phx_reply", { status: "ok", response: { id: 1 } });
  world.grants();

  assert.deepEqual([await pushed, await left], [{ id: 1 }, undefined]);
});

test("a channel that was left may be joined again, and its old close does not touch it", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const left = room.leave();
  world.grants();
  await left;

  const join = room.join();
  world.link.says("1", "1", "room:1", "phx_close", {});
  world.grants({ again: true });

  assert.deepEqual(await join, { again: true });
});

test("a join made while leaving goes out when the leave is answered", async () => {
  const world = new World().connected();
  const room = await world.joined();
  const left = room.leave();
  const join = room.join({ again: true });
  assert.deepEqual(world.heard.at(3), "phx_leave");

  world.grants();
  await left;
  assert.ok(await pending(join));
  world.grants();

  assert.deepEqual(await join, {});
  assert.deepEqual(world.heard, ["3", "3", "room:1", "phx_join", { again: true }]);
});

test("a loop of joining and leaving leaves no timer behind", async () => {
  const world = new World().connected();

  for (let round = 0; round < 3; round += 1) {
    const room = await world.joined(`room:${round}`);
    const left = room.leave();
    world.grants();
    await left;
  }
  world.socket.close();

  assert.equal(world.clock.waiting, 0);
});
