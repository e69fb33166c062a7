// Who is here: states and diffs, in whatever order they come.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Presence } from "../../channelkit/js/channelkit.js";
import { World } from "./world.mjs";

const held = (...refs) => ({ metas: refs.map((phx_ref) => ({ phx_ref })) });

/** A joined room whose presence tells what it lists: key → refs. */
async function watched() {
  const world = new World().connected();
  const room = world.socket.channel("room:1");
  const presence = new Presence(room);
  const lists = [];
  presence.onChange((present) => lists.push(listed(present)));
  room.join();
  world.grants();
  const states = (state) => world.link.says(null, null, "room:1", "presence_state", state);
  const diffs = (joins, leaves = {}) => world.link.says(null, null, "room:1", "presence_diff", { joins, leaves });
  return { world, presence, lists, states, diffs, list: () => listed(presence.present) };
}

const listed = (present) => [...present].map(([key, { metas }]) => [key, ...metas.map(({ phx_ref }) => phx_ref)]);

test("the state is the list, and whoever listens is told", async () => {
  const { states, list, lists } = await watched();

  states({ ann: held("1"), bob: held("2", "3") });

  assert.deepEqual(list(), [["ann", "1"], ["bob", "2", "3"]]);
  assert.deepEqual(lists, [list()]);
});

test("a diff before the state waits for it", async () => {
  const { states, diffs, list, lists } = await watched();
  diffs({ bob: held("2") }, { ann: held("1") });
  assert.deepEqual(lists, []);

  states({ ann: held("1") });

  assert.deepEqual(list(), [["bob", "2"]]);
});

test("a diff that the state holds already changes nothing", async () => {
  const { states, diffs, list } = await watched();
  states({ ann: held("1") });

  diffs({ ann: held("1") });

  assert.deepEqual(list(), [["ann", "1"]]);
});

test("an update takes the place of the meta before it", async () => {
  const { states, diffs, list } = await watched();
  states({ ann: held("1", "2") });

  diffs({ ann: held("3") }, { ann: held("1") });

  assert.deepEqual(list(), [["ann", "2", "3"]]);
});

test("a key goes with its last meta, and an unknown leave changes nothing", async () => {
  const { states, diffs, list } = await watched();
  states({ ann: held("1", "2") });

  diffs({}, { ann: held("1"), eve: held("9") });
  diffs({}, { ann: held("2") });

  assert.deepEqual(list(), []);
});

test("what the server adds to a key stays beside its metas", async () => {
  const { states, diffs, presence } = await watched();
  states({ ann: { ...held("1"), name: "Ann" } });

  diffs({ ann: { ...held("2"), name: "Ann B." } });
  diffs({}, { ann: held("1") });

  assert.deepEqual(presence.present.get("ann"), { ...held("2"), name: "Ann B." });
});

test("a key may be whatever JavaScript has a use for", async () => {
  const { world, states, presence } = await watched();
  states({});
  const diff = '{"joins": {"__proto__": {"metas": [{"phx_ref": "1"}]}, "constructor": {"metas": [{"phx_ref": "2"}]}}, "leaves": {}}';

  world.link.onmessage({ data: `[null, null, "room:1", "presence_diff", ${diff}]` });

  assert.deepEqual([...presence.present.keys()], ["__proto__", "constructor"]);
});

test("after a loss the list stays until the next join's state takes its place", async () => {
  const { world, states, diffs, list } = await watched();
  states({ ann: held("1"), bob: held("2") });

  world.reconnected();
  world.grants();
  diffs({ eve: held("5") });
  assert.deepEqual(list(), [["ann", "1"], ["bob", "2"]]);
  states({ bob: held("4") });

  assert.deepEqual(list(), [["bob", "4"], ["eve", "5"]]);
});

test("a diff of an earlier join is not one of the next", async () => {
  const { world, states, diffs, list } = await watched();
  states({ ann: held("1") });
  world.reconnected();

  diffs({ bob: held("2") }); // sent before the join was granted
  world.grants();
  states({ ann: held("1") });

  assert.deepEqual(list(), [["ann", "1"]]);
});

test("who stops listening is told no more", async () => {
  const { presence, states, lists } = await watched();
  const heard = [];
  const stop = presence.onChange((present) => heard.push(present));
  states({ ann: held("1") });

  stop();
  states({ bob: held("2") });

  assert.equal(heard.length, 1);
  assert.equal(lists.length, 2);
});

test("what a listener does to the list it was told is its own affair", async () => {
  const { presence, states, list } = await watched();
  presence.onChange((present) => present.clear());

  states({ ann: held("1") });

  assert.deepEqual(list(), [["ann", "1"]]);
});
