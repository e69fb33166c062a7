// @ts-check
/** Any step as code, with the very values that stand in its form: the server writes it. */
import { button, copied, fill, fresh, h, segments } from "./dom.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {Record<string, any>} Step As `Told` in snippets/told.py has it. */
/** @typedef {{title: string, code: string}} Snippet */
/** @typedef {(step: Step) => Promise<Snippet[]>} Write */

const PAUSE = 250; // milliseconds without typing after which the code is written anew
const CHOICE = "language";

/**
 * A button, and what it opens: the step in each language.
 *
 * @param {Desk} desk @param {() => Step | null} step None while its form is not fit to be sent.
 * @returns {[HTMLElement, HTMLElement] | []} Nothing where nobody writes code.
 */
export function copying(desk, step) {
  const { write } = desk;
  if (!write) return [];
  const id = fresh("code");
  const panel = h("div", { class: "ck-code-panel", id, hidden: true });
  /** @type {Snippet[]} */ let snippets = [];
  let timer = 0;
  const toggle = button("Copy as code", () => show(panel.hidden !== false), { "aria-expanded": "false", "aria-controls": id });
  const show = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) void ask();
  };
  const ask = async () => {
    const now = step();
    snippets = now === null ? [] : await write(now).catch(() => []);
    draw(now === null ? "The form is not fit to be sent yet." : "The server is not there to write it.");
  };
  const choose = (/** @type {string} */ title) => {
    desk.memory.keep(CHOICE, title);
    draw("");
    /** @type {HTMLElement | null} */ (panel.querySelector(`[data-value="${CSS.escape(title)}"]`))?.focus();
  };
  const draw = (/** @type {string} */ otherwise) => {
    const chosen = snippets.find(({ title }) => title === desk.memory.recall(CHOICE)) ?? snippets[0];
    if (!chosen) return fill(panel, h("p", { class: "ck-hint" }, otherwise));
    const tabs = segments("Language", snippets.map(({ title }) => [title, title]), chosen.title, choose);
    const copy = button("Copy", async () => {
      copy.textContent = (await copied(chosen.code)) ? "Copied" : "Not copied";
      desk.say(`${copy.textContent} as ${chosen.title}`);
    }, { class: "ck-button ck-small" });
    fill(panel, h("div", { class: "ck-editor-head" }, tabs, copy), h("pre", { class: "ck-json", tabindex: 0 }, h("code", {}, chosen.code)));
  };
  desk.watch(() => {
    if (panel.hidden) return;
    globalThis.clearTimeout(timer);
    timer = globalThis.setTimeout(() => void ask(), PAUSE);
  });
  return [toggle, panel];
}
