// @ts-check
/** Elements by construction: text is text wherever it comes from, nothing is parsed as markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, any>} Properties `onclick` and the like are listeners, the rest attributes. */

/**
 * An element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Properties} [properties] True is an attribute without a value; null and false are none.
 * @param {...(Child | Child[])} children @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...shown(children));
  return element;
}

/** Put these into an element, in place of what is there. @param {Element} element @param {...(Child | Child[])} children */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
}

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
function shown(children) {
  const there = children.flat().filter((child) => child !== null && child !== undefined && child !== false);
  return there.map((child) => (typeof child === "number" ? String(child) : /** @type {Node | string} */ (child)));
}

let last = 0;

/** An id that nothing else has. @param {string} [word] */
export function fresh(word = "field") {
  return `ck-${word}-${++last}`;
}

/** A button that does something. @param {string} text @param {() => void} onclick @param {Properties} [properties] */
export function button(text, onclick, properties = {}) {
  return h("button", { type: "button", class: "ck-button", onclick, ...properties }, text);
}

/** A choice of one of a few things that exclude each other. @param {string} label @param {[value: string, text: string][]} options @param {string} chosen @param {(value: string) => void} choose */
export function segments(label, options, chosen, choose) {
  const buttons = options.map(([value, text]) =>
    button(text, () => choose(value), { class: "ck-segment", "aria-pressed": String(value === chosen), "data-value": value }),
  );
  return h("div", { class: "ck-segments", role: "group", "aria-label": label }, buttons);
}

/** A sentence in which `code` stands between backticks. @param {string} text */
export function prose(text) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** JSON as people read it, bytes as their first few. @param {any} value @param {string} [className] */
export function code(value, className = "ck-json") {
  return h("pre", { class: className, tabindex: 0 }, h("code", {}, value));
}

/** Put a text on the clipboard; where the page may not, by the old way. @param {string} text @returns {Promise<boolean>} */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "ck-unseen", "aria-hidden": "true" }, text);
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    return done;
  }
}
