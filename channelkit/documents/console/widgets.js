// @ts-check
/** The simple fields of a form: a text, a number, a choice, a truth, JSON. */
import { fresh, h, prose } from "./dom.js";
import { isSecret, label } from "./fields.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./validate.js").Path} Path */
/** @typedef {import("./validate.js").Problem} Problem */
/** @typedef {{name: string, required: boolean, changed: () => void}} Place Where a field stands. */
/**
 * A part of a form.
 *
 * @typedef {object} Widget
 * @property {HTMLElement} element
 * @property {() => any} read Its value; undefined where there is none.
 * @property {(value: any) => void} write
 * @property {() => Problem[]} problems What cannot even be read.
 * @property {(path: Path, message: string) => void} mark Show what is wrong, at the place itself.
 * @property {() => void} clear Show nothing wrong.
 */

/** What an empty field stands for: what was written into it, else nothing, else null, else itself. @param {Field} field @param {Place} place @param {any} empty */
export function blank({ nullable }, { required }, empty) {
  if (!required) return undefined;
  return nullable ? null : empty;
}

/**
 * A control with its label, its hint and the place for what is wrong with it.
 *
 * @param {Field} field @param {Place} place @param {HTMLElement & {value?: string}} control
 * @returns {{element: HTMLElement, mark: (path: Path, message: string) => void, clear: () => void}}
 */
function framed({ schema }, { name, required, changed }, control) {
  const id = fresh();
  const error = h("p", { class: "ck-error", id: `${id}-error` });
  const hint = schema.description ? h("p", { class: "ck-hint", id: `${id}-hint` }, prose(schema.description)) : null;
  const clear = () => {
    error.textContent = "";
    control.removeAttribute("aria-invalid");
  };
  control.id = id;
  control.setAttribute("aria-describedby", hint ? `${id}-hint ${id}-error` : `${id}-error`);
  if (required) control.setAttribute("aria-required", "true");
  control.addEventListener("input", () => (clear(), changed()));
  const caption = h("label", { for: id }, h("span", { class: "ck-name" }, label(name, schema)), " ", kind(schema, required));
  const element = h("div", { class: "ck-field" }, caption, control, hint, error);
  const mark = (/** @type {Path} */ _, /** @type {string} */ message) => {
    error.textContent = error.textContent ? `${error.textContent}; ${message}` : message;
    control.setAttribute("aria-invalid", "true");
  };
  return { element, mark, clear };
}

/** What a field is, in a few words beside its name. @param {Record<string, any>} schema @param {boolean} required */
function kind(schema, required) {
  const { type, format, minimum, maximum, minLength, maxLength } = schema;
  const words = [[type].flat().filter(Boolean).join(" or "), format];
  if (minimum !== undefined || maximum !== undefined) words.push(`${minimum ?? ""}…${maximum ?? ""}`);
  if (maxLength !== undefined || minLength > 1) words.push(`${minLength ?? 0}…${maxLength ?? ""} characters`);
  if (!required) words.push("optional");
  return h("span", { class: "ck-kind" }, words.filter(Boolean).join(", "));
}

/** A text, in one line or in several. @param {Field} field @param {Place} place @returns {Widget} */
export function text(field, place) {
  const secret = isSecret(field.schema);
  const plain = { autocomplete: secret ? "new-password" : "off", autocapitalize: "none", spellcheck: "false" };
  const input = h("input", { type: secret ? "password" : field.input, ...plain });
  const control = field.kind === "long" && !secret ? h("textarea", { rows: 3, ...plain }) : input;
  const { pattern, examples } = field.schema;
  if (pattern) control.setAttribute("title", `matches ${pattern}`);
  if (typeof examples?.[0] === "string") control.setAttribute("placeholder", examples[0]);
  let empty = blank(field, place, "");
  return {
    ...framed(field, place, control),
    read: () => (control.value === "" ? empty : control.value),
    write(value) {
      control.value = value === undefined || value === null ? "" : String(value);
      empty = value === undefined ? blank(field, place, "") : control.value === "" ? value : blank(field, place, "");
    },
    problems: () => [],
  };
}

/** A number; what is none stays as it was typed, for the validation to see. @param {Field} field @param {Place} place @returns {Widget} */
export function number(field, place) {
  const whole = field.schema.type === "integer";
  const control = h("input", { type: "text", inputmode: whole ? "numeric" : "decimal", autocomplete: "off" });
  const nothing = place.required && !field.nullable ? "" : blank(field, place, "");
  let empty = nothing;
  return {
    ...framed(field, place, control),
    read() {
      const typed = control.value.trim();
      return typed === "" ? empty : Number.isFinite(Number(typed)) ? Number(typed) : typed;
    },
    write(value) {
      control.value = value === undefined || value === null ? "" : String(value);
      empty = value === null ? null : nothing;
    },
    problems: () => [],
  };
}

const NONE = "none";

/** What it means to choose nothing. @param {Field} field */
const byDefault = ({ schema }) => (schema.default === undefined || schema.default === null ? "—" : `— (${JSON.stringify(schema.default)})`);

/** One of several values. @param {Field} field @param {Place} place @returns {Widget} */
export function choice(field, place) {
  const written = field.choices.map((value) => JSON.stringify(value));
  const optional = !place.required || field.nullable;
  const control = h(
    "select",
    {},
    optional && h("option", { value: NONE }, byDefault(field)),
    field.choices.map((value, index) => h("option", { value: index }, typeof value === "string" ? value : written[index])),
  );
  let empty = blank(field, place, null);
  return {
    ...framed(field, place, control),
    read: () => (control.value === NONE ? empty : field.choices[Number(control.value)]),
    write(value) {
      const index = written.indexOf(JSON.stringify(value));
      if (index < 0) empty = value === null ? null : blank(field, place, null);
      control.value = index >= 0 ? String(index) : optional ? NONE : "0";
    },
    problems: () => [],
  };
}

/** True or false, and nothing where that is allowed. @param {Field} field @param {Place} place @returns {Widget} */
export function truth(field, place) {
  return choice({ ...field, choices: [true, false] }, place);
}

/** Any JSON, as it is written. @param {Field} field @param {Place} place @returns {Widget} */
export function json(field, place) {
  const control = h("textarea", { rows: 3, spellcheck: "false", autocapitalize: "none", class: "ck-code" });
  const framing = framed({ ...field, schema: { ...field.schema, format: "JSON" } }, place, control);
  const read = () => {
    if (control.value.trim() === "") return blank(field, place, null);
    try {
      return JSON.parse(control.value);
    } catch {
      return undefined;
    }
  };
  return {
    ...framing,
    read,
    write: (value) => void (control.value = value === undefined ? "" : JSON.stringify(value, null, 2)),
    problems: () => notJson(control.value),
  };
}

/** Why a text is no JSON. @param {string} text @returns {Problem[]} */
export function notJson(text) {
  if (text.trim() === "") return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [{ path: [], message: `this is not JSON: ${/** @type {Error} */ (error).message}` }];
  }
}

/** Nothing but null. @param {Field} field @param {Place} place @returns {Widget} */
export function nothing(field, place) {
  const element = h("p", { class: "ck-field ck-hint" }, `${place.name}: null`);
  return { element, read: () => null, write: () => {}, problems: () => [], mark: () => {}, clear: () => {} };
}
