// @ts-check
/** What forms hold, kept between reloads of the page; the session's, so the tab's own. */

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

export class Memory {
  #store;
  #prefix;

  /** @param {Store | null} store None where the browser keeps nothing. @param {string} prefix */
  constructor(store, prefix) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** @param {string} key @returns {any} undefined where nothing is kept. */
  recall(key) {
    try {
      const text = this.#store?.getItem(this.#prefix + key);
      return text ? JSON.parse(text) : undefined;
    } catch {
      return undefined;
    }
  }

  /** @param {string} key @param {any} value undefined forgets it. */
  keep(key, value) {
    try {
      if (value === undefined) this.#store?.removeItem(this.#prefix + key);
      else this.#store?.setItem(this.#prefix + key, JSON.stringify(value));
    } catch {
      // full, or forbidden: the forms begin anew then
    }
  }
}

/** The tab's own store, where it may be used. @returns {Store | null} */
export function tabStore() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
