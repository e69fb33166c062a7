// @ts-check
/**
 * From a JSON Schema to what a form asks for: which kind of field, what it is called, what it
 * holds at first, and what of it is secret.
 */
import { referred, same, validate } from "./validate.js";

/** @typedef {import("./validate.js").Schema} Schema */
/** @typedef {import("./validate.js").Schemas} Schemas */
/** @typedef {"text" | "long" | "number" | "choice" | "truth" | "object" | "list" | "tuple" | "union" | "null" | "json"} Kind */
/**
 * @typedef {object} Field
 * @property {Kind} kind
 * @property {Record<string, any>} schema With its references followed.
 * @property {boolean} nullable Whether null stands for nothing.
 * @property {string} input The kind of `<input>`, for a text or number.
 * @property {any[]} choices What there is to choose from.
 * @property {Schema[]} shapes Of a union.
 */

const LONG = 200; // characters that want more than a line
const INPUTS = /** @type {Record<string, string>} */ ({
  date: "date",
  email: "email",
  password: "password",
  time: "text",
  uri: "url",
});

/** A schema without the references before it; what stands beside a reference is kept. @param {Schema} schema @param {Schemas} schemas @returns {Record<string, any>} */
export function followed(schema, schemas) {
  let found = schema === true || schema === false ? {} : schema;
  for (let steps = 0; typeof found.$ref === "string" && steps < 20; steps += 1) {
    const { $ref, ...beside } = found;
    const target = referred($ref, schemas);
    found = { ...(typeof target === "object" ? target : {}), ...beside };
  }
  return found;
}

/** What a form asks for where this schema stands. @param {Schema} schema @param {Schemas} schemas @returns {Field} */
export function fieldOf(schema, schemas) {
  const whole = followed(schema, schemas);
  const shapes = /** @type {Schema[] | undefined} */ (whole.anyOf ?? whole.oneOf);
  if (!shapes || whole.properties) return plain(whole);
  const others = shapes.filter((shape) => followed(shape, schemas).type !== "null");
  const nullable = others.length < shapes.length;
  const { anyOf, oneOf, discriminator, ...beside } = whole;
  const [only] = others;
  if (only !== undefined && others.length === 1) {
    const inner = fieldOf({ ...followed(only, schemas), ...worded(beside) }, schemas);
    return { ...inner, nullable };
  }
  return { kind: "union", schema: whole, nullable, input: "text", choices: [], shapes: others.map((shape) => tagged(shape, discriminator?.propertyName, schemas)) };
}

/** A shape of a union with what tells it from the others, which may not be left out there, default or not. @param {Schema} shape @param {string | undefined} tag @param {Schemas} schemas @returns {Schema} */
function tagged(shape, tag, schemas) {
  const { required = [], ...whole } = followed(shape, schemas);
  const isOpen = tag !== undefined && whole.properties?.[tag] !== undefined && !required.includes(tag);
  return isOpen ? { ...whole, required: [...required, tag] } : shape;
}

/** What says something to people, of the place where a schema is referred to. @param {Record<string, any>} schema */
function worded({ title, description, examples, default: given }) {
  const words = { title, description, examples, default: given };
  return Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
}

/** @param {Record<string, any>} schema @returns {Field} */
function plain(schema) {
  const types = [schema.type].flat().filter((type) => type !== undefined);
  const nullable = types.length > 1 && types.includes("null");
  const [type, ...more] = types.filter((one) => one !== "null" || !nullable);
  const field = { schema, nullable, input: "text", choices: [], shapes: [] };
  if (schema.const !== undefined) return { ...field, kind: "choice", choices: [schema.const] };
  if (schema.enum) return { ...field, kind: "choice", choices: schema.enum };
  if (more.length > 0) return { ...field, kind: "json" };
  switch (type) {
    case "string":
      return { ...field, kind: (schema.maxLength ?? 0) > LONG ? "long" : "text", input: INPUTS[schema.format] ?? "text" };
    case "integer":
    case "number":
      return { ...field, kind: "number" };
    case "boolean":
      return { ...field, kind: "truth" };
    case "null":
      return { ...field, kind: "null" };
    case "object":
      return { ...field, kind: openEnded(schema) ? "json" : "object" };
    case "array":
      return { ...field, kind: listKind(schema) };
    default:
      return { ...field, kind: "json" };
  }
}

/** Whether an object has fields that nobody has named yet. @param {Record<string, any>} schema */
function openEnded({ properties, additionalProperties, patternProperties }) {
  return !properties && (patternProperties !== undefined || additionalProperties !== false);
}

/** @param {Record<string, any>} schema @returns {Kind} */
function listKind({ prefixItems, items }) {
  if (prefixItems) return "tuple";
  return items === undefined || items === true ? "json" : "list";
}

/** What a field is called: its title, unless that only says its name again. @param {string} name @param {Record<string, any>} schema */
export function label(name, { title }) {
  const plainly = (/** @type {string} */ text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return typeof title === "string" && plainly(title) !== plainly(name) ? `${name} · ${title}` : name;
}

/** Whether a value is not to be kept or shown. @param {Record<string, any>} schema */
export function isSecret({ writeOnly, format }) {
  return writeOnly === true || format === "password";
}

/**
 * What stands in a form at first: an example or a default where there is one, else the least
 * that has the right shape. It need not be valid: what only a person can know is left empty.
 *
 * @param {Schema} schema @param {Schemas} schemas @param {number} [depth] @returns {any}
 */
export function initial(schema, schemas, depth = 0) {
  const whole = followed(schema, schemas);
  const [example] = Array.isArray(whole.examples) ? whole.examples : [];
  if (example !== undefined) return example;
  if (whole.default !== undefined) return whole.default;
  const field = fieldOf(schema, schemas);
  if (field.nullable) return null;
  switch (field.kind) {
    case "choice":
      return field.choices[0];
    case "number":
      return least(field.schema);
    case "truth":
      return false;
    case "null":
      return null;
    case "list":
      return depth > 3 ? [] : filled(field.schema, schemas, depth);
    case "tuple":
      return (field.schema.prefixItems ?? []).map((/** @type {Schema} */ item) => initial(item, schemas, depth + 1));
    case "object":
      return depth > 3 ? {} : required(field.schema, schemas, depth);
    case "union":
      return initial(field.shapes[0] ?? true, schemas, depth + 1);
    case "json":
      return field.schema.type === "array" ? [] : {};
    default:
      return "";
  }
}

/** @param {Record<string, any>} schema @returns {number} */
function least({ minimum, exclusiveMinimum }) {
  if (minimum > 0) return minimum;
  return exclusiveMinimum >= 0 ? exclusiveMinimum + 1 : 0;
}

/** @param {Record<string, any>} schema @param {Schemas} schemas @param {number} depth */
function filled({ items, minItems = 0 }, schemas, depth) {
  return Array.from({ length: Math.min(minItems, 20) }, () => initial(items, schemas, depth + 1));
}

/** @param {Record<string, any>} schema @param {Schemas} schemas @param {number} depth */
function required({ properties = {}, required: names = [] }, schemas, depth) {
  const wanted = Object.keys(properties).filter((name) => names.includes(name));
  return Object.fromEntries(wanted.map((name) => [name, initial(properties[name], schemas, depth + 1)]));
}

/** Which shape of a union a value is of: the first that it fits, else the one that names its tag. @param {any} value @param {Field} field @param {Schemas} schemas @returns {number} -1 where it is none. */
export function shapeOf(value, { shapes, schema }, schemas) {
  const fitting = shapes.findIndex((shape) => validate(value, shape, schemas).length === 0);
  if (fitting >= 0) return fitting;
  const tag = schema.discriminator?.propertyName;
  if (tag === undefined || typeof value !== "object" || value === null) return -1;
  return shapes.findIndex((shape) => {
    const wanted = followed(followed(shape, schemas).properties?.[tag] ?? true, schemas);
    return same(wanted.const, value[tag]);
  });
}

/** A short name of a schema, for whoever has to choose one. @param {Schema} schema @param {Schemas} schemas @returns {string} */
export function named(schema, schemas) {
  const whole = followed(schema, schemas);
  if (typeof whole.title === "string") return whole.title;
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.type === "array" && whole.items) return `list of ${named(whole.items, schemas)}`;
  return [whole.type ?? "any"].flat().join(" or ");
}

/**
 * The value without what is secret in it, as it may be kept.
 *
 * @param {any} value @param {Schema} schema @param {Schemas} schemas @returns {any} undefined where all of it is.
 */
export function withoutSecrets(value, schema, schemas) {
  const field = fieldOf(schema, schemas);
  if (isSecret(field.schema)) return undefined;
  if (field.kind === "union") {
    const shape = field.shapes[shapeOf(value, field, schemas)];
    if (shape !== undefined) return withoutSecrets(value, shape, schemas);
    return field.shapes.some((one) => holdsSecrets(one, schemas)) ? undefined : value;
  }
  if (Array.isArray(value)) {
    const { items = true, prefixItems = [] } = field.schema;
    const kept = value.map((item, index) => withoutSecrets(item, prefixItems[index] ?? items, schemas));
    return kept.filter((item) => item !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  const { properties = {}, additionalProperties = true } = field.schema;
  const kept = Object.entries(value).map(([name, inner]) => {
    const wanted = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return [name, withoutSecrets(inner, wanted, schemas)];
  });
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
}

/** Whether something secret stands in a schema, at any depth. @param {Schema} schema @param {Schemas} schemas @param {Set<string>} [seen] @returns {boolean} */
export function holdsSecrets(schema, schemas, seen = new Set()) {
  if (typeof schema !== "object" || schema === null) return false;
  if (isSecret(schema)) return true;
  if (typeof schema.$ref === "string" && !seen.has(schema.$ref)) {
    seen.add(schema.$ref);
    if (holdsSecrets(referred(schema.$ref, schemas), schemas, seen)) return true;
  }
  const inner = [schema.properties, schema.$defs].flatMap((named) => Object.values(named ?? {}));
  const parts = [inner, schema.items, schema.prefixItems, schema.anyOf, schema.oneOf, schema.allOf, schema.additionalProperties];
  return parts.flat().some((part) => holdsSecrets(/** @type {Schema} */ (part), schemas, seen));
}
