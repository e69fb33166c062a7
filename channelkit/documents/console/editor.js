// @ts-check
/** The editor of a payload: by form or as JSON, as bytes, in whichever shape of several. */
import { glimpse, parsed, written } from "./bytes.js";
import { schemaOf } from "./contract.js";
import { fill, fresh, h, segments } from "./dom.js";
import { followed, initial, named, withoutSecrets } from "./fields.js";
import { Form } from "./form.js";
import { validate } from "./validate.js";
import { notJson } from "./widgets.js";

/** @typedef {import("./bytes.js").Notation} Notation */
/** @typedef {import("./contract.js").Shape} Shape */
/** @typedef {import("./validate.js").Problem} Problem */
/** @typedef {import("./validate.js").Schema} Schema */
/** @typedef {import("./validate.js").Schemas} Schemas */
/** @typedef {"form" | "json"} Mode */
/** @typedef {{shape: number, mode: Mode, value: any, notation: Notation, bytes: string}} Kept What is kept of it between reloads. */
/** @typedef {{payload: any, problems: Problem[]}} Checked */

const EMPTY = /** @type {Shape} */ ({ kind: "empty" });
const JSON_OR_BYTES = /** @type {Shape[]} */ ([{ kind: "open" }, { kind: "binary" }]);

export class Editor {
  element = h("div", { class: "ck-editor" });
  /** @type {Shape[]} */ #shapes;
  /** @type {Mode} */ #mode = "form";
  /** @type {Form | null} */ #form = null;
  /** @type {Notation} */ #notation = "hex";
  /** @type {Uint8Array<ArrayBuffer> | null} */ #file = null;
  #shape = 0;
  #text = h("textarea", { class: "ck-code", rows: 6, spellcheck: "false", autocapitalize: "none", "aria-label": "Payload as JSON" });
  #bytes = h("textarea", { class: "ck-code", rows: 3, spellcheck: "false", autocapitalize: "none", "aria-label": "Payload as bytes" });
  #body = h("div", {});
  #error = h("p", { class: "ck-error", id: fresh("error") });
  #schemas;
  #sample;
  #changed;

  /**
   * @param {Shape[]} shapes What the payload may be; `{}` where there is none. @param {Schemas} schemas
   * @param {{sample?: any, changed?: () => void}} [options] `sample`: what stands in it at first.
   */
  constructor(shapes, schemas, { sample, changed = () => {} } = {}) {
    this.#shapes = shapes.flatMap((shape) => (shape.kind === "open" ? JSON_OR_BYTES : [shape]));
    if (this.#shapes.length === 0) this.#shapes = [EMPTY];
    this.#schemas = schemas;
    this.#sample = sample;
    this.#changed = changed;
    for (const area of [this.#text, this.#bytes]) area.setAttribute("aria-describedby", this.#error.id);
    this.#text.addEventListener("input", () => (this.#complain([]), changed()));
    this.#bytes.addEventListener("input", () => ((this.#file = null), this.#complain([]), changed()));
    this.#choose(0);
  }

  get #current() {
    return this.#shapes[this.#shape] ?? EMPTY;
  }

  get #schema() {
    return schemaOf(this.#current);
  }

  /** What would be sent, and why it should not. It is shown, and the first wrong place gets the focus. */
  check() {
    const { payload, problems } = this.#read();
    if (problems.length > 0) this.#goToFirst();
    return { payload, problems };
  }

  /** What would be sent, as far as it can be read; nothing is shown. */
  get payload() {
    const { kind } = this.#current;
    if (kind === "binary") return this.#file ?? parsed(this.#bytes.value, this.#notation);
    if (kind === "empty") return {};
    return this.#form ? this.#form.value : this.#parsed();
  }

  /** What would be sent as a step that can be written as code; null where it is not fit to be sent. @returns {Record<string, any> | null} */
  get step() {
    const shape = this.#current;
    const payload = this.payload;
    if (shape.kind === "binary") return payload ? { shape, data: written(payload, "base64") } : null;
    return payload === undefined || validate(payload, this.#schema, this.#schemas).length > 0 ? null : { shape, payload };
  }

  /** What to keep of it. @returns {Kept} */
  get kept() {
    const value = this.#current.kind === "binary" ? undefined : withoutSecrets(this.payload, this.#schema, this.#schemas);
    return { shape: this.#shape, mode: this.#mode, value, notation: this.#notation, bytes: this.#file ? "" : this.#bytes.value };
  }

  /** Go on where one left off; what does not fit any more is left out. @param {Partial<Kept> | undefined} kept */
  restore(kept) {
    const { shape = 0, mode = "form", value, notation = "hex", bytes = "" } = kept ?? {};
    if (kept === undefined || this.#shapes[shape] === undefined) return;
    this.#notation = notation;
    this.#bytes.value = bytes;
    this.#choose(shape);
    if (value === undefined) return;
    this.#text.value = JSON.stringify(value, null, 2);
    if (this.#form) this.#form.value = value; // which may lack what was not kept
    if (mode === "json" && this.#form) this.#switch("json", value);
  }

  /** @returns {Checked} */
  #read() {
    const payload = this.payload;
    if (this.#current.kind === "binary") {
      return this.#complained({ payload, problems: payload ? [] : [{ path: [], message: `this is not ${this.#notation}` }] });
    }
    if (this.#form) {
      this.#complain([]);
      return { payload, problems: this.#form.check() };
    }
    if (this.#current.kind === "empty") return { payload, problems: [] };
    const unread = this.#text.value.trim() === "" ? [{ path: [], message: "this is not JSON: it is empty" }] : notJson(this.#text.value);
    const problems = unread.length > 0 ? unread : validate(payload, this.#schema, this.#schemas);
    return this.#complained({ payload, problems });
  }

  #parsed() {
    try {
      return JSON.parse(this.#text.value);
    } catch {
      return undefined;
    }
  }

  /** @param {Checked} checked @returns {Checked} */
  #complained(checked) {
    this.#complain(checked.problems);
    return checked;
  }

  /** @param {Problem[]} problems */
  #complain(problems) {
    this.#error.textContent = problems.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")).join("; ");
    for (const area of [this.#text, this.#bytes]) area.toggleAttribute("aria-invalid", problems.length > 0);
  }

  #goToFirst() {
    /** @type {HTMLElement | null} */ (this.element.querySelector("[aria-invalid]:not([hidden])"))?.focus();
  }

  /** @param {number} index */
  #choose(index) {
    this.#shape = index;
    const { kind } = this.#current;
    const schema = this.#schema;
    const value = this.#sample !== undefined && validate(this.#sample, schema, this.#schemas).length === 0 ? this.#sample : initial(schema, this.#schemas);
    this.#form = null;
    this.#mode = kind === "model" ? "form" : "json";
    this.#text.value = JSON.stringify(value, null, 2);
    if (kind === "model") this.#makeForm(value);
    this.#draw();
  }

  /** @param {any} value */
  #makeForm(value) {
    this.#form = new Form(this.#schema, this.#schemas, this.#changed);
    this.#form.value = value;
  }

  /** Go over to the other way to write the same value; where a form cannot show it, say so and stay. @param {Mode} mode @param {any} [given] */
  #switch(mode, given) {
    if (mode === "json" && this.#form) {
      this.#text.value = JSON.stringify(given ?? this.#form.value, null, 2);
      this.#form = null;
    } else if (mode === "form" && !this.#form) {
      const value = this.#parsed();
      if (value === undefined) return this.#complain(notJson(this.#text.value));
      const form = new Form(this.#schema, this.#schemas, this.#changed);
      if (!form.holds(value)) return this.#complain([{ path: [], message: "the form cannot show all of this" }]);
      this.#makeForm(value);
    }
    this.#mode = mode;
    this.#complain([]);
    this.#draw();
  }

  /** A click on one of the two, which keeps the focus there. @param {Mode} mode */
  #switchByHand(mode) {
    this.#switch(mode);
    /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-value=${this.#mode}]`))?.focus();
    this.#changed();
  }

  #draw() {
    const { kind } = this.#current;
    const mode =
      kind === "model" &&
      segments("Write the payload", [["form", "Form"], ["json", "JSON"]], this.#mode, (value) => this.#switchByHand(/** @type {Mode} */ (value)));
    const head = this.#shapes.length > 1 || mode ? h("div", { class: "ck-editor-head" }, this.#shapeChoice(), mode) : null;
    fill(this.#body, kind === "binary" ? this.#binary() : kind === "empty" ? h("p", { class: "ck-hint" }, "It has no fields.") : (this.#form?.element ?? this.#text));
    fill(this.element, head, this.#body, this.#error);
  }

  #shapeChoice() {
    if (this.#shapes.length < 2) return null;
    const options = this.#shapes.map((shape, index) => h("option", { value: index, selected: index === this.#shape }, this.#name(shape)));
    const select = h("select", { "aria-label": "Shape of the payload" }, options);
    select.addEventListener("change", () => {
      this.#choose(Number(select.value));
      /** @type {HTMLElement | null} */ (this.element.querySelector("select"))?.focus();
      this.#changed();
    });
    return select;
  }

  /** @param {Shape} shape */
  #name({ kind, $ref }) {
    if ($ref !== undefined) return named({ $ref }, this.#schemas);
    return { model: "", open: "Any JSON", binary: "Binary", empty: "{}" }[kind];
  }

  #binary() {
    const note = h("p", { class: "ck-hint" }, this.#file ? glimpse(this.#file) : "");
    const file = h("input", { type: "file", "aria-label": "Bytes from a file" });
    file.addEventListener("change", async () => {
      const [chosen] = file.files ?? [];
      if (!chosen) return;
      this.#file = new Uint8Array(await chosen.arrayBuffer());
      note.textContent = `${chosen.name}, ${glimpse(this.#file)}`;
      this.#changed();
    });
    const notations = /** @type {[string, string][]} */ ([["hex", "Hex"], ["base64", "Base64"], ["text", "Text"]]);
    const choose = (/** @type {string} */ value) => {
      this.#notation = /** @type {Notation} */ (value);
      this.#draw();
      /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-value=${value}]`))?.focus();
      this.#changed();
    };
    return h("div", { class: "ck-binary" }, segments("Bytes are written as", notations, this.#notation, choose), this.#bytes, file, note);
  }
}

/** Whether a schema asks for nothing at all. @param {Schema} schema @param {Schemas} schemas */
export function asksNothing(schema, schemas) {
  const { properties, type } = followed(schema, schemas);
  return type === "object" && Object.keys(properties ?? {}).length === 0;
}
