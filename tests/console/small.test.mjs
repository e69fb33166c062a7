// Topics, addresses, queries, bytes, words, and what is kept between reloads.
import assert from "node:assert/strict";
import { test } from "node:test";

import { glimpse, parsed, written } from "../../channelkit/documents/console/bytes.js";
import { channelOf, filled, parametersOf, query, schemaOf, segment, serverOf, serverTyped, topicOf, variables } from "../../channelkit/documents/console/contract.js";
import { ofCode, ofReason } from "../../channelkit/documents/console/explain.js";
import { Memory } from "../../channelkit/documents/console/memory.js";

test("a topic is built of its parameters and read back", () => {
  assert.equal(topicOf("room:{id}", { id: "42" }), "room:42");
  assert.equal(topicOf("lobby", {}), "lobby");
  assert.equal(topicOf("files:{id}:{path*}", { id: "1", path: "a:b/c" }), "files:1:a:b/c");
  assert.deepEqual(parametersOf("files:{id}:{path*}", "files:1:a:b/c"), { id: "1", path: "a:b/c" });
  assert.equal(parametersOf("room.{id}", "room.{id}") !== null, true);
});

test("what makes no topic gives none", () => {
  assert.deepEqual([topicOf("room:{id}", {}), topicOf("room:{id}", { id: "a:b" })], [null, null]);
  assert.equal(topicOf("files:{path*}", {}), "files:");
  assert.deepEqual([parametersOf("room:{id}", "room:"), parametersOf("room:{id}", "room:1:2")], [null, null]);
});

test("a topic belongs to the first channel that it fits", () => {
  const channels = [{ pattern: "room:lobby" }, { pattern: "room:{id}" }];

  assert.deepEqual(["room:lobby", "room:1", "x"].map((topic) => channelOf({ channels }, topic)?.pattern), ["room:lobby", "room:{id}", undefined]);
});

test("the server is where the page is, whatever prefix stands before it", () => {
  const pages = ["http://localhost:4000/docs", "https://example.org/app/docs/", "https://example.org/app/docs?x#y", "http://h/elsewhere"];

  assert.deepEqual(pages.map((page) => serverOf(page, "/docs")), ["ws://localhost:4000", "wss://example.org/app", "wss://example.org/app", "ws://h"]);
  assert.equal(serverOf("https://h/app/", ""), "wss://h/app");
});

test("a server's address may be typed in several ways", () => {
  assert.deepEqual(["localhost:4000", "https://h/app/", "wss://h", "", "ws://"].map(serverTyped), ["ws://localhost:4000", "wss://h/app", "wss://h", null, null]);
});

test("the variables of a path are filled in, escaped", () => {
  assert.deepEqual(variables("/t/{tenant}/socket/{id}"), ["tenant", "id"]);
  assert.equal(filled("/t/{tenant}/socket", { tenant: "a b" }), "/t/a%20b/socket");
});

test("connect parameters are nested in the query as phoenix.js nests them", () => {
  assert.deepEqual(query({ token: "t", n: 1, on: true, none: null, user: { name: "ann", tags: ["a"] } }), {
    token: "t",
    n: "1",
    on: "true",
    "user[name]": "ann",
    "user[tags][]": "a",
  });
});

test("shapes have schemas", () => {
  assert.deepEqual([schemaOf({ kind: "model", $ref: "#/schemas/A" }), schemaOf({ kind: "open" })], [{ $ref: "#/schemas/A" }, true]);
  assert.equal(schemaOf({ kind: "empty" }).additionalProperties, false);
  assert.deepEqual([segment(null), segment(1), segment(true)], ["", "1", "true"]);
});

test("bytes are read and written in hex, base64 and as text", () => {
  assert.deepEqual([...parsed("0x00 ff:10", "hex")], [0, 255, 16]);
  assert.deepEqual([...parsed("AP8Q\n", "base64")], [0, 255, 16]);
  assert.deepEqual([...parsed("_-8", "base64")], [255, 239]);
  assert.deepEqual([...parsed("é", "text")], [195, 169]);
  assert.deepEqual([parsed("0", "hex"), parsed("zz", "hex"), parsed("A", "base64"), parsed("*", "base64")], [null, null, null, null]);
  const bytes = Uint8Array.of(0, 255, 16);
  assert.deepEqual([written(bytes, "hex"), written(bytes, "base64"), written(parsed("é", "text"), "text")], ["00 ff 10", "AP8Q", "é"]);
});

test("a glimpse of bytes says how many there are", () => {
  assert.deepEqual([glimpse(new ArrayBuffer(0)), glimpse(Uint8Array.of(1)), glimpse(new Uint8Array(3), 2)], ["0 bytes", "1 byte: 01", "3 bytes: 00 00 …"]);
});

test("what is declared explains itself before the framework's words do", () => {
  const declared = [{ reason: "expired", description: "Your trial is over." }, { reason: "full", description: "" }];

  assert.equal(ofReason("expired", declared), "Your trial is over.");
  assert.equal(ofReason("full", declared), "A declared refusal.");
  assert.match(ofReason("forbidden", declared), /permission/);
  assert.deepEqual([ofReason("what", declared), ofReason(undefined)], ["", ""]);
});

test("close codes say what they mean", () => {
  assert.match(ofCode(1012), /restarting/);
  assert.deepEqual([ofCode(4321), ofCode(2999), ofCode(undefined)], ["A code of the application's own.", "An unusual code.", ""]);
});

test("what is kept is given back, and a store that fails keeps nothing", () => {
  const kept = new Map();
  const store = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
  const memory = new Memory(store, "a ");

  memory.keep("x", { y: 1 });
  assert.deepEqual([memory.recall("x"), memory.recall("z"), [...kept.keys()]], [{ y: 1 }, undefined, ["a x"]]);
  memory.keep("x", undefined);
  kept.set("a bad", "{");
  assert.deepEqual([memory.recall("x"), memory.recall("bad")], [undefined, undefined]);

  const full = { getItem: () => null, setItem: () => { throw new Error("full"); }, removeItem() {} };
  new Memory(full, "").keep("x", 1);
  new Memory(null, "").keep("x", 1);
  assert.equal(new Memory(null, "").recall("x"), undefined);
});
