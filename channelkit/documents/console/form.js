// @ts-check
/** A form made of a JSON Schema: it reads and writes values, and shows at each place what is wrong. */
import { button, fill, fresh, h } from "./dom.js";
import { fieldOf, initial, label, named, shapeOf } from "./fields.js";
import { same, validate } from "./validate.js";
import { blank, choice, json, nothing, number, text, truth } from "./widgets.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./validate.js").Path} Path */
/** @typedef {import("./validate.js").Problem} Problem */
/** @typedef {import("./validate.js").Schema} Schema */
/** @typedef {import("./validate.js").Schemas} Schemas */
/** @typedef {import("./widgets.js").Place} Place */
/** @typedef {import("./widgets.js").Widget} Widget */

/** A form for the fields of a schema. */
export class Form {
  #widget;
  #schema;
  #schemas;

  /** @param {Schema} schema @param {Schemas} schemas @param {() => void} [changed] */
  constructor(schema, schemas, changed = () => {}) {
    this.#schema = schema;
    this.#schemas = schemas;
    this.#widget = widget(schema, schemas, { name: "", required: true, changed });
    this.element = this.#widget.element;
  }

  get value() {
    return this.#widget.read();
  }

  set value(value) {
    this.#widget.write(value);
    this.#widget.clear();
  }

  /** Whether the form can show all of a value. @param {any} value */
  holds(value) {
    const before = this.value;
    this.value = value;
    const all = same(this.value, value);
    this.value = before;
    return all;
  }

  /** What is wrong, also shown at its place. */
  check() {
    const problems = [...this.#widget.problems(), ...validate(this.value, this.#schema, this.#schemas)];
    this.#widget.clear();
    for (const { path, message } of problems) this.#widget.mark(path, message);
    return problems;
  }
}

/** @param {Schema} schema @param {Schemas} schemas @param {Place} place @returns {Widget} */
function widget(schema, schemas, place) {
  const field = fieldOf(schema, schemas);
  switch (field.kind) {
    case "text":
    case "long":
      return text(field, place);
    case "number":
      return number(field, place);
    case "choice":
      return choice(field, place);
    case "truth":
      return truth(field, place);
    case "null":
      return nothing(field, place);
    case "object":
      return place.name === "" || (place.required && !field.nullable) ? fields(field, schemas, place) : optional(field, schemas, place);
    case "list":
      return list(field, schemas, place);
    case "tuple":
      return place.name === "" || (place.required && !field.nullable) ? tuple(field, schemas, place) : optional(field, schemas, place);
    case "union":
      return union(field, schemas, place);
    default:
      return json(field, place);
  }
}

/** A group with its name; the outermost has none. @param {Place} place @param {Record<string, any>} schema @param {...(Node | string | null)} children */
function group({ name, required }, schema, ...children) {
  if (name === "") return h("div", { class: "ck-group" }, children);
  const kind = h("span", { class: "ck-kind" }, required ? "" : "optional");
  const legend = h("legend", {}, h("span", { class: "ck-name" }, label(name, schema)), " ", kind);
  return h("fieldset", { class: "ck-group" }, legend, children);
}

/** A line for what is wrong with a group as a whole. */
function complaints() {
  const element = h("p", { class: "ck-error" });
  const mark = (/** @type {string} */ message) => void (element.textContent = element.textContent ? `${element.textContent}; ${message}` : message);
  return { element, mark, clear: () => void (element.textContent = "") };
}

/** @param {Field} field @param {Schemas} schemas @param {Place} place @returns {Widget} */
function fields({ schema }, schemas, place) {
  const { properties = {}, required = [] } = schema;
  const error = complaints();
  const inner = new Map(
    Object.entries(properties).map(([name, one]) => [
      name,
      widget(/** @type {Schema} */ (one), schemas, { name, required: required.includes(name), changed: place.changed }),
    ]),
  );
  const all = [...inner.values()];
  const none = all.length === 0 ? h("p", { class: "ck-hint" }, "It has no fields.") : null;
  return {
    element: group(place, schema, none, ...all.map(({ element }) => element), error.element),
    read: () => Object.fromEntries([...inner].map(([name, each]) => [name, each.read()]).filter(([, value]) => value !== undefined)),
    write: (value) => inner.forEach((each, name) => each.write(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined)),
    problems: () => [...inner].flatMap(([name, each]) => below(name, each.problems())),
    mark([name, ...rest], message) {
      const at = inner.get(String(name));
      if (at) at.mark(rest, message);
      else error.mark(name === undefined ? message : `${name}: ${message}`);
    },
    clear: () => [error, ...all].forEach((each) => each.clear()),
  };
}

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {string | number} key @param {Problem[]} problems @returns {Problem[]} */
const below = (key, problems) => problems.map(({ path, message }) => ({ path: [key, ...path], message }));

/** An object or a tuple that may be left out; it is made once it is wanted, as it may hold another one like it. @param {Field} field @param {Schemas} schemas @param {Place} place @returns {Widget} */
function optional(field, schemas, place) {
  return switched(field, schemas, place, [["set it", field.schema]], () => 0);
}

/** @param {Field} field @param {Schemas} schemas @param {Place} place @returns {Widget} */
function union(field, schemas, place) {
  const shapes = field.shapes.map((shape) => /** @type {[string, Schema]} */ ([named(shape, schemas), shape]));
  return switched(field, schemas, place, shapes, (value) => Math.max(0, shapeOf(value, field, schemas)));
}

/**
 * A choice of what is to stand there, and that.
 *
 * @param {Field} field @param {Schemas} schemas @param {Place} place @param {[string, Schema][]} shapes
 * @param {(value: any) => number} fitting @returns {Widget}
 */
function switched(field, schemas, place, shapes, fitting) {
  const canBeNone = !place.required || field.nullable;
  const id = fresh("shape");
  const inside = h("div", { class: "ck-shape" });
  const error = complaints();
  /** @type {Widget | null} */ let current = null;
  let empty = blank(field, place, undefined);
  const select = h(
    "select",
    { id, onchange: () => (choose(select.value, true), place.changed()) },
    canBeNone && h("option", { value: "" }, "—"),
    shapes.map(([text], index) => h("option", { value: index }, text)),
  );
  const choose = (/** @type {string} */ index, /** @type {boolean} */ fresh) => {
    const [, shape] = shapes[Number(index)] ?? [];
    select.value = index;
    current = index === "" || shape === undefined ? null : widget(shape, schemas, { ...place, name: "", required: true });
    if (current && fresh && shape !== undefined) current.write(initial(shape, schemas));
    fill(inside, current?.element);
  };
  const name = place.name === "" ? "Kind" : label(place.name, field.schema);
  const caption = h("label", { for: id }, h("span", { class: "ck-name" }, name), " ", canBeNone && h("span", { class: "ck-kind" }, "optional"));
  choose(canBeNone ? "" : "0", true);
  return {
    element: h("div", { class: "ck-field ck-switched" }, caption, select, inside, error.element),
    read: () => (current ? current.read() : empty),
    write(value) {
      const none = value === undefined || (value === null && field.nullable);
      empty = value === null ? null : blank(field, place, undefined);
      choose(none && canBeNone ? "" : String(none ? 0 : fitting(value)), none);
      if (!none) current?.write(value);
    },
    problems: () => current?.problems() ?? [],
    mark: (path, message) => (current ? current.mark(path, message) : error.mark(message)),
    clear: () => [current, error].forEach((each) => each?.clear()),
  };
}

/** @param {Field} field @param {Schemas} schemas @param {Place} place @returns {Widget} */
function list(field, schemas, place) {
  const { items } = field.schema;
  const rows = h("ol", { class: "ck-items" });
  const error = complaints();
  /** @type {Widget[]} */ let all = [];
  let empty = blank(field, place, []);
  const draw = () => fill(rows, all.map((each, index) => h("li", {}, each.element, remove(each, index))));
  const add = () => {
    const each = widget(items, schemas, { name: `${place.name || "item"} ${all.length + 1}`, required: true, changed: place.changed });
    each.write(initial(items, schemas));
    all.push(each);
    return each;
  };
  const remove = (/** @type {Widget} */ each, /** @type {number} */ index) =>
    button("Remove", () => ((all = all.filter((other) => other !== each)), draw(), more.focus(), place.changed()), {
      class: "ck-button ck-small",
      "aria-label": `Remove ${place.name || "item"} ${index + 1}`,
    });
  const more = button("Add", () => (first(add(), draw), place.changed()), {
    class: "ck-button ck-small",
    "aria-label": `Add to ${place.name || "the list"}`,
  });
  return {
    element: group({ ...place, name: place.name || "list" }, field.schema, rows, more, error.element),
    read: () => (all.length > 0 ? all.map((each) => each.read()) : empty),
    write(value) {
      empty = Array.isArray(value) || value === null ? value : blank(field, place, []);
      all = [];
      for (const item of Array.isArray(value) ? value : []) add().write(item);
      draw();
    },
    problems: () => all.flatMap((each, index) => below(index, each.problems())),
    mark([index, ...rest], message) {
      const at = all[Number(index)];
      if (index !== undefined && at) at.mark(rest, message);
      else error.mark(message);
    },
    clear: () => [error, ...all].forEach((each) => each.clear()),
  };
}

/** Draw, then go to the first control of what is new. @param {Widget} each @param {() => void} draw */
function first(each, draw) {
  draw();
  /** @type {HTMLElement | null} */ (each.element.querySelector("input, textarea, select, button"))?.focus();
}

/** @param {Field} field @param {Schemas} schemas @param {Place} place @returns {Widget} */
function tuple(field, schemas, place) {
  /** @type {Schema[]} */ const shapes = field.schema.prefixItems;
  const properties = Object.fromEntries(shapes.map((shape, index) => [String(index + 1), shape]));
  const made = fields({ ...field, schema: { ...field.schema, properties, required: Object.keys(properties) } }, schemas, place);
  return {
    ...made,
    read: () => Object.values(made.read()),
    write: (value) => made.write(Object.fromEntries((Array.isArray(value) ? value : []).map((item, index) => [String(index + 1), item]))),
    problems: () => made.problems().map(({ path: [name, ...rest], message }) => ({ path: [Number(name) - 1, ...rest], message })),
    mark: ([index, ...rest], message) => made.mark(index === undefined ? [] : [String(Number(index) + 1), ...rest], message),
  };
}
