// @ts-check
/** One console's connection: its link, the topics it has joined, each call with its reply, the log. */
import { CallFailed, Presence, Refused, Socket } from "../../js/channelkit.js";
import { Log } from "./log.js";

/** @typedef {import("../../js/channelkit.js").Channel} Room */
/** @typedef {import("../../js/channelkit.js").ChannelState} ChannelState */
/** @typedef {import("../../js/channelkit.js").Envelope} Envelope */
/** @typedef {import("../../js/channelkit.js").Held} Held */
/** @typedef {import("../../js/channelkit.js").Settings} Settings */
/** @typedef {import("../../js/channelkit.js").SocketChange} SocketChange */
/** @typedef {import("./contract.js").Channel} Channel */
/** @typedef {import("./contract.js").Event} Event */
/**
 * @typedef {object} Link
 * @property {"closed" | "connecting" | "open" | "waiting" | "refused"} state
 * @property {string} url Without the parameters.
 * @property {number} tries Since it was open last.
 * @property {boolean} wasOpen Whether it ever was, since it was asked for.
 * @property {number | undefined} code
 * @property {string} reason
 * @property {number | null} nextAt When the next try is, while waiting.
 * @property {Denial | null} denial Why it was refused.
 * @property {boolean} blocked Whether the server would let it in, and something keeps it from there.
 */
/** @typedef {{status: number, response: any}} Denial An HTTP status, and the JSON beside it. */
/**
 * @typedef {object} Call
 * @property {string} topic
 * @property {string} event
 * @property {any} payload
 * @property {number} at
 * @property {string | null} ref
 * @property {"waiting" | "sent" | "ok" | "error" | "failed"} state `sent`: no reply is expected.
 * @property {any} response
 * @property {string} reason Where it failed, or was refused.
 * @property {number | null} latency
 * @property {{event: string, payload: any}[]} items Of a stream.
 */
/**
 * @typedef {object} Topic
 * @property {string} topic
 * @property {Channel} channel
 * @property {Room} room
 * @property {ChannelState} state
 * @property {any} payload What it is joined with.
 * @property {Call} join
 * @property {string} reason Why it is errored or closed.
 * @property {Map<string, Held>} present
 * @property {Map<string, {count: number, last: any}>} heard Pushes by event.
 */
/** @typedef {"link" | "topics" | "log" | "presence" | "heard"} What */
/** @typedef {(url: string) => Promise<Denial | null>} Why Asks the server why it refuses; null where it is not there, a status below 400 where it does not. */

export const ITEMS = 200; // of one stream that are kept
const ASK_EVERY = 5; // failed tries

export class Session {
  /** @type {Link} */ link = { state: "closed", url: "", tries: 0, wasOpen: false, code: undefined, reason: "", nextAt: null, denial: null, blocked: false };
  /** @type {Map<string, Topic>} */ topics = new Map();
  /** @type {Map<What, Set<() => void>>} */ #listeners = new Map();
  /** @type {Socket | null} */ #socket = null;
  /** @type {Call | null} */ #sending = null; // a push on its way to the wire, which gives it a ref
  /** @type {Map<string, Call>} */ #unawaited = new Map(); // by ref: pushes that need no reply
  #settings;
  #why;
  #now;

  /** @param {{now?: () => number, why?: Why | undefined, settings?: Partial<Settings>}} [options] `settings` as for `Socket`. */
  constructor({ now = Date.now, why = async () => null, settings = {} } = {}) {
    this.log = new Log(now);
    this.#settings = settings;
    this.#why = why;
    this.#now = now;
  }

  /** @param {What} what @param {() => void} listener */
  on(what, listener) {
    this.#listeners.set(what, (this.#listeners.get(what) ?? new Set()).add(listener));
  }

  /** @param {What} what */
  #tell(what) {
    for (const listener of this.#listeners.get(what) ?? []) listener();
  }

  /** Connect, and again whenever the connection is lost. @param {string} url Of the endpoint. @param {Record<string, string>} params */
  connect(url, params) {
    this.disconnect();
    const socket = new Socket(url, { ...this.#settings, params, observe: (envelope, sent) => this.#observed(envelope, sent) });
    const address = addressOf(url, params);
    this.#socket = socket;
    this.link = { ...this.link, state: "closed", url, tries: 0, wasOpen: false, denial: null, blocked: false, code: undefined, reason: "" };
    socket.onState((change) => this.#socket === socket && this.#changed(change, address));
    socket.connect();
  }

  /** Close for good; the topics are closed too, and stay to be joined again. */
  disconnect() {
    this.#socket?.close();
    this.#socket = null;
  }

  /** Try again now instead of later. */
  retry() {
    this.#socket?.wake();
  }

  /** @param {SocketChange} change @param {string} address */
  #changed({ state, code, reason = "", retryIn }, address) {
    const { link } = this;
    const failed = state === "waiting" && link.state === "connecting";
    link.state = state;
    link.nextAt = retryIn === undefined ? null : this.#now() + retryIn;
    if (state === "connecting") link.tries += 1;
    if (state === "open") Object.assign(link, { tries: 0, wasOpen: true, blocked: false, code: undefined, reason: "" });
    if (code !== undefined) Object.assign(link, { code, reason });
    this.log.note(state === "waiting" ? "lost" : state, noted(link, code, reason));
    if (failed && link.tries % ASK_EVERY === 1) void this.#askWhy(address);
    this.#tell("log");
    this.#tell("link");
  }

  /** A browser does not tell a page why a WebSocket was refused; the server does, when asked. @param {string} address */
  async #askWhy(address) {
    const socket = this.#socket;
    const denial = await this.#why(address).catch(() => null);
    if (denial === null || socket === null || this.#socket !== socket || this.link.state === "open") return;
    if (denial.status < 400) {
      this.link.blocked = this.link.tries > ASK_EVERY; // before that, it may just have come back
      return this.#tell("link");
    }
    this.disconnect();
    Object.assign(this.link, { state: "refused", denial, nextAt: null });
    this.log.note("refused", denial);
    this.#tell("log");
    this.#tell("link");
  }

  /**
   * Join a topic; one that is joined already is left first.
   *
   * @param {string} topic @param {Channel} channel @param {any} payload @returns {Promise<Call>} Once it is decided.
   */
  async join(topic, channel, payload) {
    const socket = this.#socket;
    if (!socket) throw new CallFailed("disconnected");
    await this.topics.get(topic)?.room.leave();
    const room = socket.channel(topic);
    const join = this.#call(topic, "phx_join", payload);
    /** @type {Topic} */
    const joined = { topic, channel, room, state: "joining", payload, join, reason: "", present: new Map(), heard: new Map() };
    this.topics.set(topic, joined);
    this.#watch(joined);
    await this.#settled(join, this.#sent(join, () => room.join(payload)));
    this.#tell("topics");
    return join;
  }

  /** @param {Topic} topic */
  #watch(topic) {
    const { room, channel } = topic;
    room.onState(({ state, error, response }) => {
      if (this.topics.get(topic.topic)?.room !== room) return;
      topic.state = state;
      topic.reason = error?.reason ?? "";
      if (state === "joined") topic.join.response = response;
      this.#tell("topics");
    });
    if (!channel.presence) return;
    new Presence(room).onChange((present) => {
      topic.present = present;
      this.#tell("presence");
    });
  }

  /** Leave a topic, and forget it. @param {string} topic */
  async leave(topic) {
    const found = this.topics.get(topic);
    if (!found) return;
    await found.room.leave();
    if (this.topics.get(topic) === found) this.topics.delete(topic);
    this.#tell("topics");
  }

  /**
   * Push an event.
   *
   * @param {string} topic @param {Event} event @param {any} payload @param {() => void} [changed] Told of each item of a stream.
   * @returns {{call: Call, done: Promise<Call>}}
   */
  push(topic, event, payload, changed = () => {}) {
    const call = this.#call(topic, event.event, payload);
    const room = this.topics.get(topic)?.room;
    if (!room) {
      Object.assign(call, { state: "failed", reason: "unmatched topic" });
      return { call, done: Promise.resolve(call) };
    }
    if (event.silent && event.answers.length === 0 && event.refuses.length === 0) {
      return { call, done: this.#unanswered(call, room, changed) };
    }
    const promise = this.#sent(call, () =>
      event.streams === null
        ? room.push(event.event, payload)
        : room.stream(event.event, payload, (item, name) => (this.#item(call, name, item), changed())),
    );
    return { call, done: this.#settled(call, promise) };
  }

  /** Most such pushes are never answered; an error reply still is one. @param {Call} call @param {Room} room @param {() => void} changed */
  async #unanswered(call, room, changed) {
    const sent = this.#sent(call, () => room.send(call.event, call.payload));
    Object.assign(call, sent ? { state: "sent" } : { state: "failed", reason: "closed" });
    if (call.ref !== null) this.#unawaited.set(call.ref, Object.assign(call, { changed }));
    const [oldest] = this.#unawaited.keys();
    if (this.#unawaited.size > ITEMS && oldest !== undefined) this.#unawaited.delete(oldest);
    return call;
  }

  /** @param {string} topic @param {string} event @param {any} payload @returns {Call} */
  #call(topic, event, payload) {
    return { topic, event, payload, at: this.#now(), ref: null, state: "waiting", response: undefined, reason: "", latency: null, items: [] };
  }

  /** Do what sends a call's push, if it can be sent now, and take its ref. @template T @param {Call} call @param {() => T} send @returns {T} */
  #sent(call, send) {
    this.#sending = call;
    try {
      return send();
    } finally {
      this.#sending = null;
    }
  }

  /** @param {Call} call @param {Promise<any>} promise */
  async #settled(call, promise) {
    try {
      Object.assign(call, { response: await promise, state: "ok" });
    } catch (error) {
      const { reason, message } = /** @type {CallFailed} */ (error);
      const said = error instanceof Refused ? { state: "error", response: error.response } : { state: "failed" };
      Object.assign(call, said, { reason: reason ?? message });
    }
    call.latency = this.#now() - call.at;
    return call;
  }

  /** @param {Call} call @param {string} event @param {any} payload */
  #item(call, event, payload) {
    call.items.push({ event, payload });
    if (call.items.length > ITEMS) call.items.shift();
  }

  /** @param {Envelope} envelope @param {boolean} sent */
  #observed(envelope, sent) {
    this.log.add(envelope, sent);
    if (sent && this.#sending && this.#sending.event === envelope.event) this.#sending.ref = envelope.ref;
    if (!sent) this.#received(envelope);
    this.#tell("log");
  }

  /** @param {Envelope} envelope */
  #received({ topic, event, ref, payload }) {
    const call = event === "phx_reply" ? this.#unawaited.get(ref ?? "") : undefined;
    if (call) {
      this.#unawaited.delete(ref ?? "");
      const { status, response } = payload;
      Object.assign(call, { state: status, response, reason: response?.reason ?? "", latency: this.#now() - call.at });
      /** @type {Call & {changed?: () => void}} */ (call).changed?.();
    }
    const heard = this.topics.get(topic)?.heard;
    if (!heard || event.startsWith("phx_") || event.startsWith("presence_")) return;
    heard.set(event, { count: (heard.get(event)?.count ?? 0) + 1, last: payload });
    this.#tell("heard");
  }
}

/** @param {string} url @param {Record<string, string>} params */
export function addressOf(url, params) {
  const address = new URL(`${url}/websocket`);
  for (const [name, value] of Object.entries({ ...params, vsn: "2.0.0" })) address.searchParams.set(name, value);
  return address.href;
}

/** @param {Link} link @param {number | undefined} code @param {string} reason */
function noted({ state, url, tries }, code, reason) {
  const told = code === undefined ? { url } : { code, ...(reason && { reason }) };
  return state === "connecting" && tries > 1 ? { ...told, try: tries } : told;
}
