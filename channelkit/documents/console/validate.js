// @ts-check
/**
 * Does a value fit a JSON Schema? The part of draft 2020-12 that pydantic writes.
 *
 * What it does not know it does not judge: a pattern that JavaScript cannot read, `format`, and
 * keywords that only a hand-written schema has, are left to the server.
 */

/** @typedef {Record<string, any> | boolean} Schema */
/** @typedef {Record<string, Schema>} Schemas The schemas that a `$ref` points to, by name. */
/** @typedef {(string | number)[]} Path */
/** @typedef {{path: Path, message: string}} Problem */
/** @typedef {(value: any, schema: Record<string, any>, at: Place) => void} Check */

const DEEPEST = 200; // a schema that refers to itself without taking anything off the value

/** Where a check is, and what it has found. */
class Place {
  /** @param {Schemas} schemas @param {Path} path @param {Problem[]} problems @param {number} depth */
  constructor(schemas, path = [], problems = [], depth = 0) {
    Object.assign(this, { schemas, path, problems, depth });
    this.schemas = schemas;
    this.path = path;
    this.problems = problems;
    this.depth = depth;
  }

  /** @param {string} message */
  says(message) {
    this.problems.push({ path: this.path, message });
  }

  /** @param {string | number} key */
  below(key) {
    return new Place(this.schemas, [...this.path, key], this.problems, this.depth + 1);
  }

  /** What is wrong by another schema, kept apart. @param {any} value @param {Schema} schema @returns {Problem[]} */
  tried(value, schema) {
    const place = new Place(this.schemas, this.path, [], this.depth + 1);
    check(value, schema, place);
    return place.problems;
  }
}

/**
 * What is wrong with a value; nothing where it fits.
 *
 * @param {any} value JSON. @param {Schema} schema @param {Schemas} [schemas] @returns {Problem[]}
 */
export function validate(value, schema, schemas = {}) {
  const place = new Place(schemas);
  check(value, schema, place);
  return place.problems;
}

/** The schema that a reference means. @param {string} ref @param {Schemas} schemas @returns {Schema} */
export function referred(ref, schemas) {
  const name = decodeURIComponent(ref.slice(ref.lastIndexOf("/") + 1)).replaceAll("~1", "/").replaceAll("~0", "~");
  return schemas[name] ?? true;
}

/** The kind of a value, in JSON Schema's words. @param {any} value @returns {string} */
export function typeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** Whether two JSON values are the same; the order of an object's fields does not count. @param {any} one @param {any} other @returns {boolean} */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]))
  );
}

/** @param {any} value @param {Schema} schema @param {Place} at */
function check(value, schema, at) {
  if (schema === true || at.depth > DEEPEST) return;
  if (schema === false) return at.says("nothing may stand here");
  for (const [keyword, judge] of CHECKS) {
    if (schema[keyword] !== undefined) judge(value, schema, at);
  }
}

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} value How long a text is, as Python and JSON Schema count. */
const length = (value) => [...value].length;

/** @param {string} pattern @returns {RegExp | null} None where JavaScript cannot read it. */
function compiled(pattern) {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Python's flags and possessive quantifiers, say
    }
  }
  return null;
}

/** @param {number} count @param {string} word */
const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** @param {any} value */
const shown = (value) => JSON.stringify(value);

const NAMES = /** @type {Record<string, string>} */ ({
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  null: "null",
  number: "a number",
  object: "an object",
  string: "a text",
});

/** Whether a number is a multiple, as pydantic sees it: 0.7 is one of 0.1. @param {number} value @param {number} step */
function isMultiple(value, step) {
  const rest = Math.abs(value % step);
  return Math.min(rest, Math.abs(rest - step)) <= Math.abs(value) / 1e9;
}

/**
 * A check that is about values of one type only.
 *
 * @param {(value: any) => boolean} concerns @param {(value: any, bound: any) => boolean} fits
 * @param {(bound: any) => string} message @param {string} keyword @returns {[string, Check]}
 */
const bound = (keyword, concerns, fits, message) => [
  keyword,
  (value, schema, at) => {
    if (concerns(value) && !fits(value, schema[keyword])) at.says(message(schema[keyword]));
  },
];

/** @param {any} value */
const isText = (value) => typeof value === "string";
/** @param {any} value */
const isNumber = (value) => typeof value === "number";

/** @type {Check} */
function checkType(value, { type }, at) {
  const wanted = [type].flat();
  const got = typeOf(value);
  if (wanted.includes(got) || (got === "integer" && wanted.includes("number"))) return;
  at.says(`expected ${wanted.map((name) => NAMES[name] ?? name).join(" or ")}`);
}

/** @type {Check} */
function checkAnyOf(value, { anyOf }, at) {
  const found = anyOf.map((/** @type {Schema} */ schema) => at.tried(value, schema));
  if (found.some((/** @type {Problem[]} */ problems) => problems.length === 0)) return;
  tellOfAlternatives(anyOf, found, at);
}

/** @type {Check} */
function checkOneOf(value, { oneOf, discriminator }, at) {
  const found = oneOf.map((/** @type {Schema} */ schema) => at.tried(value, schema));
  const fitting = found.filter((/** @type {Problem[]} */ problems) => problems.length === 0).length;
  if (fitting === 1) return;
  if (fitting > 1) return at.says(`fits ${fitting} of the alternatives, expected exactly one`);
  const tag = discriminator?.propertyName;
  const chosen = tag !== undefined && isObject(value) ? discriminator.mapping?.[value[tag]] : undefined;
  const index = oneOf.findIndex((/** @type {any} */ { $ref }) => $ref !== undefined && $ref === chosen);
  if (index >= 0) at.problems.push(...found[index]);
  else tellOfAlternatives(oneOf, found, at);
}

/** What is wrong by the alternative that nearly fits; else that none does. @param {Schema[]} schemas @param {Problem[][]} found @param {Place} at */
function tellOfAlternatives(schemas, found, at) {
  const near = found.filter((problems) => !problems.some(({ path }) => path.length === at.path.length));
  const [only] = near;
  if (only && near.length === 1) at.problems.push(...only);
  else if (found.length === 1) at.problems.push(...(found[0] ?? []));
  else {
    const told = found.flatMap((problems) => problems.slice(0, 1).map(({ message }) => message));
    at.says(`none of the alternatives fits: ${[...new Set(told)].join("; or ")}`);
  }
}

/** @type {Check} */
function checkProperties(value, schema, at) {
  if (!isObject(value)) return;
  const { properties = {}, patternProperties = {}, additionalProperties, propertyNames } = schema;
  const patterns = Object.entries(patternProperties).map(([text, inner]) => ({ regex: compiled(text), inner }));
  for (const [name, inner] of Object.entries(value)) {
    const matching = patterns.filter(({ regex }) => regex?.test(name));
    if (Object.hasOwn(properties, name)) check(inner, properties[name], at.below(name));
    for (const { inner: wanted } of matching) check(inner, wanted, at.below(name));
    if (propertyNames !== undefined && at.tried(name, propertyNames).length > 0) {
      at.below(name).says("this name may not stand here");
    }
    if (additionalProperties === undefined || Object.hasOwn(properties, name) || matching.length > 0) continue;
    if (patterns.some(({ regex }) => regex === null)) continue; // it may be one of these
    if (additionalProperties === false) at.below(name).says("there is no such field");
    else check(inner, additionalProperties, at.below(name));
  }
}

/** @type {Check} */
function checkRequired(value, { required }, at) {
  if (!isObject(value)) return;
  for (const name of required) if (!Object.hasOwn(value, name)) at.below(name).says("required");
}

/** @type {Check} */
function checkItems(value, { items, prefixItems = [] }, at) {
  if (!Array.isArray(value)) return;
  value.forEach((item, index) => {
    const schema = index < prefixItems.length ? prefixItems[index] : items;
    if (schema === false) at.below(index).says("too many");
    else if (schema !== undefined) check(item, schema, at.below(index));
  });
}

/** @type {Check} */
function checkUnique(value, { uniqueItems }, at) {
  if (!uniqueItems || !Array.isArray(value)) return;
  const again = value.findIndex((item, index) => value.slice(0, index).some((other) => same(item, other)));
  if (again >= 0) at.below(again).says("stands in the list already");
}

/** @type {Check} */
function checkPattern(value, { pattern }, at) {
  const regex = isText(value) ? compiled(pattern) : null;
  if (regex && !regex.test(value)) at.says(`does not match ${pattern}`);
}

/** The first check of a value says what it should be, so that the later ones need not. @type {[string, Check][]} */
const CHECKS = [
  ["$ref", (value, { $ref }, at) => void at.problems.push(...at.tried(value, referred($ref, at.schemas)))],
  ["type", checkType],
  ["const", (value, schema, at) => void (same(value, schema.const) || at.says(`must be ${shown(schema.const)}`))],
  [
    "enum",
    (value, schema, at) => {
      const fits = schema.enum.some((/** @type {any} */ one) => same(value, one));
      if (!fits) at.says(`must be one of ${schema.enum.map(shown).join(", ")}`);
    },
  ],
  bound("minLength", isText, (value, least) => length(value) >= least, (least) => `at least ${counted(least, "character")}`),
  bound("maxLength", isText, (value, most) => length(value) <= most, (most) => `at most ${counted(most, "character")}`),
  ["pattern", checkPattern],
  bound("minimum", isNumber, (value, least) => value >= least, (least) => `at least ${least}`),
  bound("maximum", isNumber, (value, most) => value <= most, (most) => `at most ${most}`),
  bound("exclusiveMinimum", isNumber, (value, below) => value > below, (below) => `more than ${below}`),
  bound("exclusiveMaximum", isNumber, (value, above) => value < above, (above) => `less than ${above}`),
  bound("multipleOf", isNumber, isMultiple, (step) => `a multiple of ${step}`),
  bound("minItems", Array.isArray, (value, least) => value.length >= least, (least) => `at least ${counted(least, "item")}`),
  bound("maxItems", Array.isArray, (value, most) => value.length <= most, (most) => `at most ${counted(most, "item")}`),
  bound("minProperties", isObject, (value, least) => Object.keys(value).length >= least, (least) => `at least ${counted(least, "field")}`),
  bound("maxProperties", isObject, (value, most) => Object.keys(value).length <= most, (most) => `at most ${counted(most, "field")}`),
  ["required", checkRequired],
  ["uniqueItems", checkUnique],
  ["allOf", (value, { allOf }, at) => allOf.forEach((/** @type {Schema} */ one) => at.problems.push(...at.tried(value, one)))],
  ["anyOf", checkAnyOf],
  ["oneOf", checkOneOf],
  ["not", (value, schema, at) => void (at.tried(value, schema.not).length > 0 || at.says("this may not stand here"))],
];

for (const keyword of ["properties", "patternProperties", "additionalProperties", "propertyNames"]) {
  // Once, by the first of them that stands in a schema: they need each other.
  CHECKS.push([keyword, (value, schema, at) => void (firstOf(schema) === keyword && checkProperties(value, schema, at))]);
}
for (const keyword of ["prefixItems", "items"]) {
  CHECKS.push([keyword, (value, schema, at) => void ((keyword === "prefixItems" || !schema.prefixItems) && checkItems(value, schema, at))]);
}

/** @param {Record<string, any>} schema */
function firstOf(schema) {
  return ["properties", "patternProperties", "additionalProperties", "propertyNames"].find((name) => schema[name] !== undefined);
}
