// What a form asks for where a schema stands, and what of it is kept.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldOf, followed, holdsSecrets, initial, label, named, shapeOf, withoutSecrets } from "../../channelkit/documents/console/fields.js";

const SCHEMAS = {
  Cat: { title: "Cat", type: "object", properties: { kind: { const: "cat", type: "string" }, lives: { type: "integer", minimum: 1 } }, required: ["kind", "lives"] },
  Dog: { title: "Dog", type: "object", properties: { kind: { const: "dog" } }, required: ["kind"] },
  Tree: { title: "Tree", type: "object", properties: { below: { type: "array", items: { $ref: "#/schemas/Tree" }, minItems: 1 } }, required: ["below"] },
  Login: {
    type: "object",
    properties: {
      name: { type: "string" },
      password: { type: "string", format: "password" },
      pins: { type: "array", items: { type: "string", writeOnly: true } },
      deep: { type: "object", properties: { key: { writeOnly: true, type: "string" }, on: { type: "boolean" } } },
      either: { anyOf: [{ type: "string", writeOnly: true }, { type: "integer" }] },
      maybe: { anyOf: [{ type: "string", writeOnly: true }, { type: "null" }] },
    },
  },
};
const kindOf = (schema) => fieldOf(schema, SCHEMAS).kind;

test("each type has its kind of field", () => {
  const kinds = [
    [{ type: "string" }, "text"],
    [{ type: "string", maxLength: 2000 }, "long"],
    [{ type: "integer" }, "number"],
    [{ type: "boolean" }, "truth"],
    [{ enum: ["a", "b"] }, "choice"],
    [{ const: 1 }, "choice"],
    [{ type: "null" }, "null"],
    [{ type: "array", items: { type: "string" } }, "list"],
    [{ type: "array" }, "json"],
    [{ type: "array", prefixItems: [true] }, "tuple"],
    [{ type: "object", properties: {} }, "object"],
    [{ type: "object", additionalProperties: { type: "integer" } }, "json"],
    [{ type: ["string", "integer"] }, "json"],
    [{ $ref: "#/schemas/Cat" }, "object"],
    [{ anyOf: [{ $ref: "#/schemas/Cat" }, { $ref: "#/schemas/Dog" }] }, "union"],
    [true, "json"],
    [{}, "json"],
  ];

  assert.deepEqual(kinds.map(([schema]) => kindOf(schema)), kinds.map(([, kind]) => kind));
});

test("a type or null is a field that may be empty", () => {
  const either = fieldOf({ anyOf: [{ type: "integer" }, { type: "null" }], title: "Age" }, SCHEMAS);
  const listed = fieldOf({ type: ["string", "null"] }, SCHEMAS);

  assert.deepEqual([either.kind, either.nullable, either.schema.title], ["number", true, "Age"]);
  assert.deepEqual([listed.kind, listed.nullable], ["text", true]);
});

test("a reference is followed, what stands beside it kept, and a circle ends", () => {
  const { title, description } = followed({ $ref: "#/schemas/Cat", description: "Mine." }, SCHEMAS);

  assert.deepEqual([title, description], ["Cat", "Mine."]);
  assert.equal(typeof followed({ $ref: "#/schemas/A" }, { A: { $ref: "#/schemas/A" } }), "object");
});

test("a form begins with examples, defaults, else the least that has the shape", () => {
  const begins = [
    [{ type: "string", examples: ["Ada"] }, "Ada"],
    [{ type: "integer", default: 3 }, 3],
    [{ type: "integer", exclusiveMinimum: 0 }, 1],
    [{ $ref: "#/schemas/Cat" }, { kind: "cat", lives: 1 }],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, null],
    [{ anyOf: [{ type: "string" }, { type: "integer" }] }, ""],
    [{ type: "array", items: { type: "boolean" }, minItems: 2 }, [false, false]],
    [{ type: "array", prefixItems: [{ type: "null" }, { enum: ["x"] }] }, [null, "x"]],
    [true, {}],
  ];

  assert.deepEqual(begins.map(([schema]) => initial(schema, SCHEMAS)), begins.map(([, value]) => value));
  assert.ok(initial({ $ref: "#/schemas/Tree" }, SCHEMAS).below);
});

test("the shape of a value is the one that it fits, else the one that its tag names", () => {
  const union = fieldOf({ discriminator: { propertyName: "kind" }, oneOf: [{ $ref: "#/schemas/Cat" }, { $ref: "#/schemas/Dog" }] }, SCHEMAS);

  assert.deepEqual([{ kind: "dog" }, { kind: "cat" }, { kind: "eel" }, 3].map((value) => shapeOf(value, union, SCHEMAS)), [1, 0, -1, -1]);
});

test("in a union a shape has what tells it from the others, though by itself it may leave it out", () => {
  const shapes = ["cat", "dog"].map((kind) => ({ type: "object", properties: { kind: { const: kind, default: kind } } }));
  const pet = { discriminator: { propertyName: "kind" }, oneOf: shapes };
  const union = fieldOf({ anyOf: [pet, { type: "null" }] }, SCHEMAS);

  assert.deepEqual(union.shapes.map((shape) => initial(shape, SCHEMAS)), [{ kind: "cat" }, { kind: "dog" }]);
  assert.deepEqual([initial(pet, SCHEMAS), initial(shapes[0], SCHEMAS), shapeOf({ kind: "dog" }, union, SCHEMAS)], [{ kind: "cat" }, {}, 1]);
});

test("names say what there is to choose, and a title that repeats the name is left out", () => {
  const names = [{ $ref: "#/schemas/Dog" }, { const: 1 }, { type: "array", items: { type: "string" } }, { type: "string" }, {}];

  assert.deepEqual(names.map((schema) => named(schema, SCHEMAS)), ["Dog", "1", "list of string", "string", "any"]);
  assert.deepEqual([label("room_id", { title: "Room Id" }), label("id", { title: "Number" })], ["room_id", "id · Number"]);
});

test("secrets are not kept, at any depth", () => {
  const value = { name: "ann", password: "p", pins: ["1"], deep: { key: "k", on: true }, either: "s", maybe: "m", more: 1 };

  assert.deepEqual(withoutSecrets(value, { $ref: "#/schemas/Login" }, SCHEMAS), { name: "ann", pins: [], deep: { on: true }, more: 1 });
  assert.equal(withoutSecrets("s", { writeOnly: true }, SCHEMAS), undefined);
  assert.equal(withoutSecrets({ a: 1 }, { anyOf: [{ $ref: "#/schemas/Login" }, { type: "string" }] }, SCHEMAS).a, 1);
  assert.equal(withoutSecrets(true, { anyOf: [{ $ref: "#/schemas/Login" }, { type: "string" }] }, SCHEMAS), undefined);
  assert.deepEqual([holdsSecrets({ $ref: "#/schemas/Tree" }, SCHEMAS), holdsSecrets({ items: { $ref: "#/schemas/Login" } }, SCHEMAS)], [false, true]);
});
