// @ts-check
/** All that went over the wire, as rows: bounded, filtered, each reply with its push's time. */

/** @typedef {import("../../js/channelkit.js").Envelope} Envelope */
/**
 * @typedef {object} Row
 * @property {number} id
 * @property {number} at Milliseconds, of the clock that the log was given.
 * @property {"sent" | "received" | "link"} way
 * @property {string} topic
 * @property {string} event For a link's row, what became of it.
 * @property {string | null} ref
 * @property {string | null} joinRef
 * @property {any} payload JSON, or an ArrayBuffer.
 * @property {"ok" | "error" | null} status Of a reply.
 * @property {number | null} latency Milliseconds from the push to this reply.
 * @property {string} of The event that a reply answers.
 */
/** @typedef {{text?: string, topic?: string, heartbeats?: boolean, way?: "" | Row["way"]}} Filter */

export const MOST = 1000; // rows; the oldest go first

export class Log {
  /** @type {Row[]} */ rows = [];
  /** @type {Map<string, Row>} */ #pending = new Map(); // pushes by ref, until their reply
  #last = 0;
  #now;

  /** @param {() => number} now */
  constructor(now) {
    this.#now = now;
  }

  /** @param {Envelope} envelope @param {boolean} sent @returns {Row} */
  add({ joinRef, ref, topic, event, payload }, sent) {
    const asked = sent || event !== "phx_reply" ? undefined : this.#pending.get(ref ?? "");
    const row = this.#row({
      way: sent ? "sent" : "received",
      topic,
      event,
      ref,
      joinRef,
      payload: event === "phx_reply" ? payload.response : payload,
      status: event === "phx_reply" ? payload.status : null,
      latency: asked ? this.#now() - asked.at : null,
      of: asked?.event ?? "",
    });
    if (sent && ref !== null) this.#remember(ref, row);
    if (asked) this.#pending.delete(ref ?? "");
    return row;
  }

  /** What became of the connection. @param {string} event @param {any} payload */
  note(event, payload) {
    const nothing = { ref: null, joinRef: null, status: null, latency: null, of: "" };
    return this.#row({ way: "link", topic: "", event, payload, ...nothing });
  }

  clear() {
    this.rows = [];
  }

  /** The rows that a filter lets through, the oldest first. @param {Filter} filter */
  shown(filter) {
    return this.rows.filter((row) => passes(row, filter));
  }

  /** @param {Omit<Row, "id" | "at">} given */
  #row(given) {
    const row = { id: ++this.#last, at: this.#now(), ...given };
    this.rows.push(row);
    if (this.rows.length > MOST) this.rows.splice(0, this.rows.length - MOST);
    return row;
  }

  /** @param {string} ref @param {Row} row */
  #remember(ref, row) {
    this.#pending.set(ref, row);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > MOST && oldest !== undefined) this.#pending.delete(oldest);
  }
}

/** @param {Row} row @param {Filter} filter */
export function passes(row, { text = "", topic = "", heartbeats = false, way = "" }) {
  if (!heartbeats && row.topic === "phoenix") return false;
  if ((topic && row.topic !== topic) || (way && row.way !== way)) return false;
  return text === "" || haystack(row).includes(text.toLowerCase());
}

/** @param {Row} row */
function haystack({ topic, event, of, status, ref, payload }) {
  const body = payload instanceof ArrayBuffer || ArrayBuffer.isView(payload) ? "binary" : JSON.stringify(payload);
  return [topic, event, of, status, ref, body].join(" ").toLowerCase();
}
