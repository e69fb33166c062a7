// @ts-check
/** The log in sight: filtered, paused, cleared; the newest rows at the end. */
import { glimpse } from "./bytes.js";
import { button, code, fill, h } from "./dom.js";
import { ofCode } from "./explain.js";
import { MOST, passes } from "./log.js";
import { took, told } from "./result.js";

/** @typedef {import("./log.js").Filter} Filter */
/** @typedef {import("./log.js").Row} Row */
/** @typedef {import("./session.js").Session} Session */

const ARROWS = { sent: "↑", received: "↓", link: "•" };
const WAYS = { sent: "sent", received: "received", link: "connection" };
const NEAR = 40; // pixels from the end that count as being there

export class LogView {
  /** @type {Session} */ #session;
  /** @type {Filter} */ #filter = { text: "", heartbeats: false, way: "" };
  #paused = false;
  #seen = 0; // the last row's id that was drawn or left out
  #due = false;
  #following = true; // the end is in sight, and is to stay there
  #list = h("ol", { class: "ck-rows", tabindex: 0, "aria-label": "Envelopes, the newest last" });
  #search = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the log", autocomplete: "off" });
  #pause = button("Pause", () => this.#toggle(), { "aria-pressed": "false", class: "ck-button ck-small" });
  #count = h("span", { class: "ck-meta" });

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
    this.#search.addEventListener("input", () => this.#refilter({ text: this.#search.value }));
    const way = h("select", { "aria-label": "Which way" }, [["", "All"], ["sent", "Sent"], ["received", "Received"], ["link", "Connection"]].map(([value, text]) => h("option", { value }, text)));
    way.addEventListener("change", () => this.#refilter({ way: /** @type {Filter["way"]} */ (way.value) }));
    const beats = h("input", { type: "checkbox" });
    beats.addEventListener("change", () => this.#refilter({ heartbeats: beats.checked }));
    const clear = button("Clear", () => (this.#session.log.clear(), this.#redraw()), { class: "ck-button ck-small" });
    const tools = h("div", { class: "ck-tools" }, this.#search, way, h("label", { class: "ck-check" }, beats, " Heartbeats"), this.#pause, clear, this.#count);
    this.#list.addEventListener("scroll", () => (this.#following = this.#isAtEnd));
    this.element = h("div", { class: "ck-log" }, tools, this.#list);
    this.watch(session);
  }

  /** Show another session's log. @param {Session} session */
  show(session) {
    this.#session = session;
    this.#redraw();
  }

  /** @param {Session} session */
  watch(session) {
    session.on("log", () => session === this.#session && this.#soon());
  }

  focus() {
    this.#search.focus();
  }

  /** It has come in sight: what came meanwhile is at the end. */
  appear() {
    if (this.#following) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #toggle() {
    this.#paused = !this.#paused;
    this.#pause.setAttribute("aria-pressed", String(this.#paused));
    this.#pause.textContent = this.#paused ? "Resume" : "Pause";
    if (!this.#paused) this.#soon();
    else this.#tell();
  }

  /** @param {Partial<Filter>} change */
  #refilter(change) {
    this.#filter = { ...this.#filter, ...change };
    this.#redraw();
  }

  #redraw() {
    this.#seen = 0;
    this.#following = true;
    fill(this.#list);
    this.#draw();
  }

  /** Once for all that comes before the next picture. */
  #soon() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      if (this.#paused) this.#tell();
      else this.#draw();
    });
  }

  get #isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #draw() {
    const fresh = this.#fresh();
    this.#list.append(...fresh.filter((row) => passes(row, this.#filter)).map(line));
    this.#seen = fresh.at(-1)?.id ?? this.#seen;
    while (this.#list.children.length > MOST) this.#list.firstElementChild?.remove();
    this.appear();
    this.#tell();
  }

  #fresh() {
    return this.#session.log.rows.filter(({ id }) => id > this.#seen);
  }

  #tell() {
    const waiting = this.#paused ? this.#fresh().length : 0;
    const shown = this.#list.children.length;
    const all = this.#session.log.rows.length;
    this.#count.textContent = waiting > 0 ? `${waiting} new` : shown === all ? `${all} rows` : `${shown} of ${all}`;
  }
}

/** @param {Row} row */
function line(row) {
  const { at, way, topic, event, status, latency, of } = row;
  const name = event === "phx_reply" ? of || "reply" : event;
  const summary = h(
    "summary",
    {},
    h("time", { class: "ck-meta" }, new Date(at).toTimeString().slice(0, 8)),
    h("span", { class: `ck-way ck-${way}` }, h("span", { "aria-hidden": "true" }, ARROWS[way]), h("span", { class: "ck-unseen" }, WAYS[way])),
    h("span", { class: "ck-row-topic" }, topic),
    h("span", { class: "ck-row-event" }, name, status && h("span", { class: `ck-badge ck-${status}` }, status), latency !== null && h("span", { class: "ck-meta" }, took(latency))),
    h("code", { class: "ck-inline" }, inline(row)),
  );
  const details = h("details", {}, summary);
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(...whole(row)), { once: true });
  return h("li", { class: `ck-row ck-${way}` }, details);
}

/** @param {Row} row */
function inline({ way, payload }) {
  if (way === "link") {
    const { code: closed, reason, try: tries, url, status, response } = payload ?? {};
    if (status !== undefined) return `HTTP ${status} ${response?.reason ?? ""}`;
    return [closed, reason, closed && ofCode(closed), tries && `try ${tries}`, !closed && url].filter(Boolean).join(" · ");
  }
  return payload instanceof ArrayBuffer || ArrayBuffer.isView(payload) ? glimpse(/** @type {Uint8Array} */ (payload)) : JSON.stringify(payload);
}

/** The whole of it, once it is asked for. @param {Row} row */
function whole({ joinRef, ref, topic, event, payload, way }) {
  const refs = way === "link" ? [] : [h("p", { class: "ck-meta" }, `${topic} · ${event} · ref ${ref ?? "null"} · join_ref ${joinRef ?? "null"}`)];
  return [...refs, code(told(payload))];
}
