// @ts-check
/**
 * Channels in a browser or in node: Phoenix Channels (vsn 2.0.0), without dependencies.
 *
 *     const socket = new Socket("/socket");
 *     socket.connect();
 *     const room = socket.channel("room:lobby");
 *     room.on("posted", (posted) => show(posted));
 *     const welcome = await room.join({ name: "Ada" });
 *     const accepted = await room.push("new_msg", { body: "hi" });
 *
 * An ok reply in your hands means that the server's handler ran to its return. All else rejects:
 * with `Refused` where the server said no, with `CallFailed` where no answer will come. A lost
 * connection comes back by itself and its channels join again; a push is never sent twice.
 *
 * @module channelkit
 */

/** @typedef {object | string | number | boolean | null} Payload JSON; a buffer or view is sent as binary. */
/** @typedef {"closed" | "connecting" | "open" | "waiting"} SocketState `waiting` to connect again. */
/** @typedef {"closed" | "joining" | "joined" | "errored" | "leaving"} ChannelState `errored`: to join again. */
/** @typedef {() => void} Unsubscribe */
/**
 * @typedef {object} SocketChange
 * @property {SocketState} state
 * @property {number} [code] The close code, where a connection ended.
 * @property {string} [reason] What came with it.
 * @property {number} [retryIn] Milliseconds until the next try, while waiting.
 */
/**
 * @typedef {object} ChannelChange
 * @property {ChannelState} state
 * @property {any} [response] What the join's reply carried: each time it is joined.
 * @property {CallFailed} [error] Why it is errored or closed: `Refused` where a join was refused.
 */
/**
 * @typedef {object} Settings
 * @property {Record<string, string> | (() => Record<string, string>)} params In the URL; a function is asked each time.
 * @property {number} timeout Milliseconds to wait for a reply, or for a connection to open: 10,000.
 * @property {number} heartbeat Milliseconds between heartbeats, and to wait for any answer: 30,000.
 * @property {number} buffer How many pushes may wait for a channel to be joined: 100.
 * @property {(tries: number) => number} reconnectAfter Milliseconds before the nth try, counted from 1.
 * @property {(tries: number) => number} rejoinAfter The same for a channel on an open connection.
 * @property {(envelope: Envelope, sent: boolean) => void} observe Told of all that goes and comes, heartbeats too: for a log.
 * @property {new (url: string) => WebSocket} WebSocket For runtimes without one; as the next three, for tests.
 * @property {(callback: () => void, milliseconds: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random
 */
/** @typedef {{joinRef: string | null, ref: string | null, topic: string, event: string, payload: any}} Envelope */
/**
 * What is known of one key: its metas, and whatever the server adds.
 * @template [Meta=any]
 * @typedef {{metas: (Meta & {phx_ref: string, phx_ref_prev?: string})[], [extra: string]: any}} Held
 */
/** @template [Meta=any] @typedef {{joins: Record<string, Held<Meta>>, leaves: Record<string, Held<Meta>>}} Diff */
/** @typedef {(response: any) => void} Resolve */
/** @typedef {(error: CallFailed) => void} Reject */
/** @typedef {(payload: any, event: string) => void} Hear */
/** @typedef {{event: string, payload: Payload, resolve: Resolve, reject: Reject, hear?: Hear, timeout: number, ref?: string, timer?: any}} Call */

/** @type {(...milliseconds: number[]) => (tries: number) => number} */
const steps = (...milliseconds) => (tries) => milliseconds[Math.min(tries, milliseconds.length) - 1] ?? 0;

/** @type {Settings} */
const DEFAULTS = {
  params: {},
  timeout: 10000,
  heartbeat: 30000,
  buffer: 100,
  reconnectAfter: steps(10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000), // phoenix.js's, as the next
  rejoinAfter: steps(1000, 2000, 5000, 10000),
  observe: () => {},
  WebSocket: globalThis.WebSocket,
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer),
  random: Math.random,
};

/** No ok reply; `reason` is "timeout", "disconnected", "closed", "left", "full", or the server's word. */
export class CallFailed extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.name = new.target.name;
    this.reason = reason;
  }
}

/** An error reply: the server said no, and `response` is the refusal with its fields. */
export class Refused extends CallFailed {
  /** @param {any} response */
  constructor(response) {
    super(typeof response?.reason === "string" ? response.reason : "refused");
    this.response = response;
  }
}

/** @template {{state: string}} Change */
class Watched {
  /** @type {Set<(change: Change) => void>} */ #watchers = new Set();
  /** @type {Change["state"]} */ #state = "closed";

  get state() {
    return this.#state;
  }

  /** @param {(change: Change) => void} watcher Told of each new state. @returns {Unsubscribe} */
  onState(watcher) {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** @internal @param {Change} change */
  _become(change) {
    this.#state = change.state;
    tell(this.#watchers, change);
  }
}

/** One client's connection, shared by its channels. @extends {Watched<SocketChange>} */
export class Socket extends Watched {
  /** @type {Map<string, Channel>} */ #channels = new Map();
  /** @type {WebSocket | null} */ #ws = null;
  /** @type {any} */ #timer; // the state's own: until it opens, the next heartbeat, the next try
  #silent = false; // since the last heartbeat
  #tries = 0;
  #ref = 0;
  #url;
  #settings;
  #shown = () => void (globalThis.document?.visibilityState !== "hidden" && this.wake());

  /**
   * @param {string} url The endpoint: a path like `/socket`, or an absolute URL.
   * @param {Partial<Settings>} [options]
   */
  constructor(url, options = {}) {
    super();
    this.#url = `${url}/websocket`;
    this.#settings = { ...DEFAULTS, ...options };
  }

  /** The channel of a topic: the one in use, else a new one. @param {string} topic @returns {Channel} */
  channel(topic) {
    return this.#channels.get(topic) ?? new Channel(topic, this, this.#settings);
  }

  /** Connect, and again whenever the connection is lost, until `close` or the server's close 1000. */
  connect() {
    if (this.state !== "closed") return;
    this.#tries = 0;
    this.#open();
    for (const [target, event] of wakers()) target.addEventListener(event, this.#shown);
  }

  /** Close for good: channels are closed, calls that wait rejected. `code` is 1000 or 3000 to 4999. */
  close(code = 1000, reason = "") {
    this.#ws?.close(code, reason);
    this.#ended(code, reason);
  }

  /** Look after the connection now. The page's own return, and the network's, call this by themselves. */
  wake() {
    if (this.state === "waiting") this.#open();
    if (this.state !== "open") return;
    this.#silent = false; // the answer may lie behind us unread: ask anew, less patiently
    this.#beat(this.#settings.timeout);
  }

  #open() {
    const ws = new this.#settings.WebSocket(this.#address());
    ws.binaryType = "arraybuffer";
    ws.onopen = () => this.#opened();
    ws.onmessage = ({ data }) => this.#received(decode(data));
    ws.onclose = ({ code, reason }) => this.#lost(code, reason);
    this.#ws = ws;
    this.#after(this.#settings.timeout, () => this.#abandon("connect timeout"));
    this._become({ state: "connecting" });
  }

  #address() {
    const url = new URL(this.#url, globalThis.location?.href);
    url.protocol = url.protocol.replace("http", "ws");
    const params = { ...asked(this.#settings.params), vsn: "2.0.0" };
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
    return url.href;
  }

  #opened() {
    this.#silent = false;
    this.#after(this.#settings.heartbeat, () => this.#beat());
    this._become({ state: "open" });
    for (const channel of [...this.#channels.values()]) channel._opened();
  }

  /** @param {Envelope} envelope */
  #received(envelope) {
    this.#silent = false; // whatever arrives shows that the server lives
    this.#tries = 0; // not on opening: a server that accepts and drops is not to be hammered
    tell([() => this.#settings.observe(envelope, false)], null);
    this.#channels.get(envelope.topic)?._received(envelope);
  }

  #beat(patience = this.#settings.heartbeat) {
    if (this.#silent) return this.#abandon("heartbeat timeout");
    this.#silent = true;
    this._send(null, this._nextRef(), "phoenix", "heartbeat", {});
    this.#after(patience, () => this.#beat());
  }

  /** A dead link may take minutes to report its close: do not wait for it. @param {string} reason */
  #abandon(reason) {
    const ws = this.#ws;
    this.#lost(1006, reason);
    ws?.close(4000, reason);
  }

  /** @param {number} code @param {string} reason */
  #lost(code, reason) {
    if (code === 1000) return this.#ended(code, reason); // the server's application meant it
    this.#detach();
    const retryIn = jittered(this.#settings.reconnectAfter(++this.#tries), this.#settings);
    this.#after(retryIn, () => this.#open());
    this._become({ state: "waiting", code, reason, retryIn });
    for (const channel of [...this.#channels.values()]) channel._lost();
  }

  /** @param {number} code @param {string} reason */
  #ended(code, reason) {
    if (this.state === "closed") return;
    this.#detach();
    this.#settings.clearTimeout(this.#timer);
    for (const [target, event] of wakers()) target.removeEventListener(event, this.#shown);
    this._become({ state: "closed", code, reason });
    for (const channel of [...this.#channels.values()]) channel._closed(new CallFailed("closed"));
  }

  #detach() {
    if (this.#ws) this.#ws.onopen = this.#ws.onmessage = this.#ws.onclose = null;
    this.#ws = null;
  }

  /** @param {number} milliseconds @param {() => void} callback */
  #after(milliseconds, callback) {
    this.#settings.clearTimeout(this.#timer);
    this.#timer = this.#settings.setTimeout(callback, milliseconds);
  }

  /** @internal */
  _nextRef() {
    return String(++this.#ref);
  }

  /** @internal @param {[string | null, string, string, string, Payload]} envelope */
  _send(...envelope) {
    if (!this.#ws) return;
    this.#ws.send(encode(...envelope));
    const [joinRef, ref, topic, event, payload] = envelope;
    tell([() => this.#settings.observe({ joinRef, ref, topic, event, payload }, true)], null);
  }

  /** @internal @param {Channel} channel */
  _add(channel) {
    if (this.#channels.has(channel.topic)) throw new Error(`${channel.topic} is in use by another Channel`);
    this.#channels.set(channel.topic, channel);
  }

  /** @internal @param {Channel} channel */
  _remove(channel) {
    this.#channels.delete(channel.topic);
  }
}

/** One topic on a socket; made by `Socket.channel`. @extends {Watched<ChannelChange>} */
export class Channel extends Watched {
  /** @type {Map<string, Set<(payload: any) => void>>} */ #listeners = new Map();
  /** @type {Map<string, Call>} */ #sent = new Map(); // by ref
  /** @type {Set<Call>} */ #buffer = new Set(); // to be sent once joined
  /** @type {Payload | (() => Payload)} */ #params = {};
  /** @type {{resolve: Resolve, reject: Reject} | null} */ #verdict = null; // until the first join is decided
  /** @type {string | null} */ #joinRef = null; // while this connection carries a join of ours
  /** @type {Promise<void> | null} */ #leaving = null;
  /** @type {any} */ #timer; // until the next try to join
  #tries = 0;
  #socket;
  #settings;

  /** @internal @param {string} topic @param {Socket} socket @param {Settings} settings */
  constructor(topic, socket, settings) {
    super();
    this.topic = topic;
    this.#socket = socket;
    this.#settings = settings;
  }

  /**
   * Listen to an event, best before joining; a binary payload is an ArrayBuffer.
   *
   * @template [T=any]
   * @param {string} event @param {(payload: T) => void} listener @returns {Unsubscribe}
   */
  on(event, listener) {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
    return () => this.off(event, listener);
  }

  /** Stop one listener, or all of an event. @param {string} event @param {(payload: any) => void} [listener] */
  off(event, listener) {
    if (listener) this.#listeners.get(event)?.delete(listener);
    else this.#listeners.delete(event);
  }

  /**
   * Join once the socket is open, and again after every loss, with the same params.
   *
   * A refusal of this first join is final: it rejects, the channel is closed and may be joined
   * anew. One of a later join is told to watchers as `errored`, and tried again until `leave`.
   * A join made while leaving waits for that to end.
   *
   * @param {Payload | (() => Payload)} [params] A function is asked at each join.
   * @returns {Promise<any>} What the first join's reply carried.
   */
  async join(params = {}) {
    if (this.#leaving) await this.#leaving;
    if (this.state !== "closed") throw new Error(`${this.topic} is ${this.state} already`);
    this.#socket._add(this);
    this.#params = params;
    this.#tries = 0;
    return new Promise((resolve, reject) => {
      this.#verdict = { resolve, reject };
      this.#join();
    });
  }

  /**
   * Push an event and wait for its reply. Until the channel is joined the push waits, too.
   *
   * @template [T=any]
   * @param {string} event @param {Payload} [payload] @param {{timeout?: number}} [options]
   * @returns {Promise<T>} What the reply carried. Rejects with `Refused` or `CallFailed`.
   */
  async push(event, payload = {}, options = {}) {
    return this.#ask(event, payload, options);
  }

  /**
   * Push an event that is answered by a stream. Its items, the pushes that carry the ref of this one,
   * go to the listener, and to no other; binary items carry no ref: `on` hears them.
   *
   * @template [T=any]
   * @param {string} event @param {Payload} payload @param {(item: T, event: string) => void} listener
   * @param {{timeout?: number}} [options] Its time is counted anew from each item.
   * @returns {Promise<void>} Once it has ended. Rejects with `Refused` or `CallFailed`.
   */
  async stream(event, payload, listener, options = {}) {
    await this.#ask(event, payload, options, listener);
  }

  /** @param {string} event @param {Payload} payload @param {{timeout?: number}} options @param {Hear} [hear] @returns {Promise<any>} */
  async #ask(event, payload, { timeout = this.#settings.timeout }, hear) {
    if (this.state === "closed" || this.state === "leaving") throw new CallFailed("closed");
    if (this.#buffer.size >= this.#settings.buffer) throw new CallFailed("full");
    return new Promise((resolve, reject) => {
      const call = this.#call(event, payload, resolve, reject, timeout, hear);
      if (this.state === "joined") this.#transmit(call);
      else this.#buffer.add(call);
    });
  }

  /**
   * Push an event whose reply, if any, does not matter: now or never.
   *
   * @param {string} event @param {Payload} [payload] @returns {boolean} Whether it was sent.
   */
  send(event, payload = {}) {
    if (this.state !== "joined") return false;
    this.#socket._send(this.#joinRef, this.#socket._nextRef(), this.topic, event, payload);
    return true;
  }

  /** Leave, and do not join again. @returns {Promise<void>} Once the server has answered, or cannot. */
  async leave() {
    if (this.#joinRef === null) return this._closed(new CallFailed("left"));
    this.#leaving ??= new Promise((resolve) => {
      const left = () => resolve(this._closed(new CallFailed("left")));
      this._become({ state: "leaving" });
      this.#transmit(this.#call("phx_leave", {}, left, left));
    });
    return this.#leaving;
  }

  #join() {
    if (this.#socket.state === "open") {
      const ref = (this.#joinRef = this.#socket._nextRef());
      /** @type {Resolve} */ const granted = (response) => this.#granted(response);
      /** @type {Reject} */ const refused = (error) => this.#refused(error);
      this.#transmit(this.#call("phx_join", asked(this.#params), granted, refused), ref);
    }
    this._become({ state: "joining" });
  }

  /** @param {any} response */
  #granted(response) {
    if (this.state !== "joining") return;
    this.#tries = 0;
    this.#verdict?.resolve(response);
    this.#verdict = null;
    for (const call of this.#buffer) this.#transmit(call);
    this.#buffer.clear();
    this._become({ state: "joined", response });
  }

  /** @param {CallFailed} error */
  #refused(error) {
    if (this.state !== "joining" || this.#joinRef === null) return;
    const late = error.reason === "timeout"; // it may still be granted
    if (late) this.#socket._send(this.#joinRef, this.#socket._nextRef(), this.topic, "phx_leave", {});
    if (this.#verdict) this._closed(error);
    else this.#errored(error);
  }

  /** @param {CallFailed} error */
  #errored(error) {
    this.#joinRef = null;
    const retryIn = jittered(this.#settings.rejoinAfter(++this.#tries), this.#settings);
    this.#timer = this.#settings.setTimeout(() => this.#join(), retryIn);
    const lost = [...this.#sent.values()];
    this._become({ state: "errored", error });
    this.#fail(lost, error);
  }

  /** @param {string} event @param {Payload} payload @param {Resolve} resolve @param {Reject} reject @param {number} [timeout] @param {Hear} [hear] @returns {Call} */
  #call(event, payload, resolve, reject, timeout = this.#settings.timeout, hear) {
    return this.#timed({ event, payload, resolve, reject, hear, timeout });
  }

  /** Count a call's time from now. @param {Call} call */
  #timed(call) {
    this.#settings.clearTimeout(call.timer);
    call.timer = this.#settings.setTimeout(() => this.#fail([call], new CallFailed("timeout")), call.timeout);
    return call;
  }

  /** @param {Call} call */
  #transmit(call, ref = this.#socket._nextRef()) {
    call.ref = ref;
    this.#sent.set(ref, call);
    try {
      this.#socket._send(this.#joinRef, ref, this.topic, call.event, call.payload);
    } catch (error) {
      this.#fail([call], /** @type {any} */ (error)); // it has no form on the wire
    }
  }

  /** @param {Iterable<Call>} calls @param {CallFailed} error */
  #fail(calls, error) {
    for (const call of calls) this.#taken(call).reject(error);
  }

  /** @param {Call} call */
  #taken(call) {
    this.#settings.clearTimeout(call.timer);
    this.#buffer.delete(call);
    this.#sent.delete(call.ref ?? "");
    return call;
  }

  /** @internal */
  _opened() {
    if (this.state === "joining" || this.state === "errored") this.#join();
  }

  /** @internal */
  _lost() {
    if (this.state === "leaving") return this._closed(new CallFailed("left"));
    const [error, lost] = [new CallFailed("disconnected"), [...this.#sent.values()]];
    this.#settings.clearTimeout(this.#timer);
    this.#joinRef = null;
    if (!this.#verdict) this._become({ state: "errored", error });
    this.#fail(lost, error);
  }

  /** @internal @param {CallFailed} error */
  _closed(error) {
    if (this.state === "closed") return;
    const [verdict, lost] = [this.#verdict, [...this.#sent.values(), ...this.#buffer]];
    this.#verdict = this.#joinRef = this.#leaving = null;
    this.#settings.clearTimeout(this.#timer);
    this.#socket._remove(this);
    this._become({ state: "closed", error });
    this.#fail(lost, error);
    verdict?.reject(error);
  }

  /** @internal @param {Envelope} envelope */
  _received({ joinRef, ref, event, payload }) {
    const asked = this.#sent.get(ref ?? "");
    const call = event === "phx_reply" && asked;
    if (call && payload.status === "ok") return this.#taken(call).resolve(payload.response);
    if (call) return this.#fail([call], new Refused(payload.response));
    if (joinRef && joinRef !== this.#joinRef) return; // of an earlier join (phoenix.js channel.js#isMember)
    const over = event === "phx_close" || (event === "phx_error" && this.state === "leaving");
    if (over) return this._closed(new CallFailed("closed"));
    if (event === "phx_error") return this.#errored(new CallFailed(payload.reason ?? "channel_crash"));
    if (asked?.hear) return tell([(item) => this.#timed(asked).hear?.(item, event)], payload);
    tell(this.#listeners.get(event) ?? [], payload);
  }
}

/**
 * Who is in a channel's topic, as the server's presence tells it. Make it before joining.
 *
 *     const presence = new Presence(room);
 *     presence.onChange((present) => show([...present.keys()]));
 *
 * While the channel is away the list stays as it was; the state of its next join takes its place.
 *
 * @template [Meta=any]
 */
export class Presence {
  /** @type {Map<string, Held<Meta>>} */ #present = new Map(); // no object: a key may be "__proto__"
  /** @type {Set<(present: Map<string, Held<Meta>>) => void>} */ #listeners = new Set();
  /** @type {Diff<Meta>[] | null} */ #early = []; // diffs before the state of this join; null once it has come

  /** @param {Channel} channel */
  constructor(channel) {
    channel.onState(() => void (this.#early = [])); // on joining too: what came before was of an earlier join
    channel.on("presence_state", (state) => this.#stated(state));
    channel.on("presence_diff", (diff) => this.#early?.push(diff) ?? this.#changed([diff]));
  }

  /** Key → its metas, and what the server adds to them. @returns {Map<string, Held<Meta>>} */
  get present() {
    return new Map(this.#present);
  }

  /** @param {(present: Map<string, Held<Meta>>) => void} listener Told the list after each change. @returns {Unsubscribe} */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param {Record<string, Held<Meta>>} state */
  #stated(state) {
    const early = this.#early ?? [];
    this.#early = null;
    this.#present = new Map(Object.entries(state));
    this.#changed(early);
  }

  /** Joins first, then leaves, told apart by phx_ref (phoenix.js presence.js#syncDiff). @param {Diff<Meta>[]} diffs */
  #changed(diffs) {
    for (const { joins, leaves } of diffs) {
      for (const [key, held] of Object.entries(joins)) {
        this.#present.set(key, { ...held, metas: [...this.#without(key, held), ...held.metas] });
      }
      for (const [key, gone] of Object.entries(leaves)) {
        const metas = this.#without(key, gone);
        if (metas.length > 0) this.#present.set(key, { ...this.#present.get(key), metas });
        else this.#present.delete(key);
      }
    }
    tell(this.#listeners, this.present);
  }

  /** The metas of a key that are not among these. @param {string} key @param {Held<Meta>} others */
  #without(key, others) {
    const refs = new Set(others.metas.map(({ phx_ref }) => phx_ref));
    return (this.#present.get(key)?.metas ?? []).filter(({ phx_ref }) => !refs.has(phx_ref));
  }
}

/** @template T @param {T | (() => T)} value @returns {T} */
function asked(value) {
  return typeof value === "function" ? /** @type {() => T} */ (value)() : value;
}

/** Spread out the clients that one server lost at one moment. @param {number} milliseconds @param {Settings} settings */
function jittered(milliseconds, { random }) {
  return milliseconds * (0.5 + random());
}

/** What says that a sleeping page is back, or the network. @returns {[EventTarget, string][]} */
function wakers() {
  if (!globalThis.document) return [];
  return [[document, "visibilitychange"], [globalThis, "pageshow"], [globalThis, "online"]];
}

/** @template T @param {Iterable<(value: T) => void>} listeners @param {T} value */
function tell(listeners, value) {
  for (const listener of [...listeners]) {
    try {
      listener(value);
    } catch (error) {
      queueMicrotask(() => { throw error; }); // the listener's bug: reported, and nobody else's
    }
  }
}

/** @param {string | null} joinRef @param {string} ref @param {string} topic @param {string} event @param {Payload} payload */
function encode(joinRef, ref, topic, event, payload) {
  const view = ArrayBuffer.isView(payload);
  if (!view && !(payload instanceof ArrayBuffer)) return JSON.stringify([joinRef, ref, topic, event, payload]);
  const utf8 = new TextEncoder();
  const fields = [joinRef ?? "", ref, topic, event].map((field) => utf8.encode(field));
  if (fields.some(({ length }) => length > 255)) throw new RangeError("over 255 bytes: no binary form");
  const bytes = view ? new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength) : new Uint8Array(payload);
  const head = [0, ...fields.map(({ length }) => length), ...fields.flatMap((field) => [...field])];
  const frame = new Uint8Array(head.length + bytes.length);
  frame.set(head);
  frame.set(bytes, head.length);
  return frame;
}

/** @param {string | ArrayBuffer} data @returns {Envelope} */
function decode(data) {
  if (typeof data === "string") {
    const [joinRef, ref, topic, event, payload] = JSON.parse(data);
    return { joinRef, ref, topic, event, payload };
  }
  const [bytes, utf8] = [new Uint8Array(data), new TextDecoder()];
  const count = [3, 4, 2][bytes[0] ?? -1]; // a server's push carries no ref, a client's does
  if (!count) throw new Error("no kind of binary frame");
  let at = 1 + count;
  const take = (/** @type {number} */ length) => utf8.decode(bytes.subarray(at, (at += length)));
  const fields = [...bytes.subarray(1, at)].map(take);
  const [event = "", topic = "", ref = null, joinRef = ref] = fields.reverse();
  const payload = data.slice(at);
  if (count !== 4) return { joinRef, ref: null, topic, event, payload };
  return { joinRef, ref, topic, event: "phx_reply", payload: { status: event, response: payload } };
}
