// @ts-check
/** What came of a call: its status, how long it took, what came back and what that means. */
import { glimpse } from "./bytes.js";
import { code, h, prose } from "./dom.js";
import { ofReason } from "./explain.js";

/** @typedef {import("./contract.js").Refusal} Refusal */
/** @typedef {import("./session.js").Call} Call */

const WORDS = { waiting: "waiting…", sent: "sent", ok: "ok", error: "error", failed: "no reply" };
const SHOWN = 5; // items of a stream

/** A payload in a few lines, as it came. @param {any} value */
export function told(value) {
  if (value instanceof ArrayBuffer || value instanceof Uint8Array) return glimpse(value, 256);
  return JSON.stringify(value, null, 2) ?? "";
}

/** Milliseconds as one reads them. @param {number | null} milliseconds */
export function took(milliseconds) {
  if (milliseconds === null) return "";
  return milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** @param {Call["state"]} state */
export function badge(state) {
  return h("span", { class: `ck-badge ck-${state}` }, WORDS[state]);
}

/**
 * A call as it stands.
 *
 * @param {Call} call @param {Refusal[]} refusals What is declared there. @param {...Node} beside @returns {HTMLElement}
 */
export function result(call, refusals, ...beside) {
  const { state, reason, response, latency, ref, items, topic } = call;
  const why = state === "error" || state === "failed" ? ofReason(reason, refusals) : "";
  const declared = refusals.some((refusal) => refusal.reason === reason);
  const head = h(
    "p",
    { class: "ck-result-head" },
    badge(state),
    reason && h("code", { class: "ck-reason" }, reason),
    h("span", { class: "ck-meta" }, [topic, ref === null ? "" : `ref ${ref}`, took(latency)].filter(Boolean).join(" · ")),
    beside,
  );
  const silent = state === "sent" && h("p", { class: "ck-why" }, "This event is not answered.");
  const explained = why && h("p", { class: "ck-why" }, declared ? "" : h("em", {}, "By the framework: "), prose(why));
  const fields = problems(response);
  const body = response !== undefined && !(state === "ok" && isEmpty(response)) ? code(told(response)) : null;
  return h("div", { class: `ck-result ck-is-${state}` }, head, silent, explained, fields, stream(items), body);
}

/** @param {any} value */
const isEmpty = (value) => typeof value === "object" && value !== null && !(value instanceof ArrayBuffer) && Object.keys(value).length === 0;

/** Where the server found what wrong, as a list. @param {any} response */
function problems(response) {
  if (response?.reason !== "invalid payload" || !Array.isArray(response.errors)) return null;
  const lines = response.errors.map((/** @type {{loc: any[], msg: string}} */ { loc, msg }) => h("li", {}, h("code", {}, loc.join(".") || "payload"), `: ${msg}`));
  return h("ul", { class: "ck-problems" }, lines);
}

/** @param {Call["items"]} items */
function stream(items) {
  if (items.length === 0) return null;
  const last = items.slice(-SHOWN);
  const lines = last.map(({ event, payload }) => h("li", {}, h("code", {}, event), " ", h("code", { class: "ck-inline" }, told(payload))));
  const before = items.length > SHOWN && h("p", { class: "ck-meta" }, `${items.length} items, the last ${SHOWN}:`);
  return h("div", {}, before, h("ol", { class: "ck-stream", start: items.length - last.length + 1 }, lines));
}
