import {
  Presence as PhoenixPresence,
  type Channel as PhoenixChannel,
  type Push as PhoenixPush,
  type Socket as PhoenixSocket,
} from "phoenix";
// The generated module has imports of its own: what follows is copied into it.

/** Any JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Any JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** The empty object. */
export type Empty = Record<string, never>;

/** What is sent as a binary frame. What comes as one is an ArrayBuffer. */
export type Binary = ArrayBuffer | ArrayBufferView;

/** What is sent where the contract leaves it open; phoenix.js has no way to send other JSON. */
export type OpenPayload = JsonObject | readonly Json[] | Binary;

/** A reply. */
export type Ok<Response> = { readonly ok: true; readonly response: Response };

/** An error reply: what it says, and why; null where it has no reason. */
export type Refused<Reason extends string | null, Response> = {
  readonly ok: false;
  readonly reason: Reason;
  readonly response: Response;
};

/** A part of a payload that does not fit its type. */
export type InvalidField = {
  readonly loc: readonly (string | number)[];
  readonly type: string;
  readonly msg: string;
};

type OnlyReason<Reason extends string> = Reason extends string
  ? Refused<Reason, { readonly reason: Reason }>
  : never;

/** What can come in place of a reply or a declared refusal, for every join and push. */
export type Failure =
  | Refused<"invalid payload", { readonly reason: "invalid payload"; readonly errors: readonly InvalidField[] }>
  | Refused<"rate_limited", { readonly reason: "rate_limited"; readonly retry_after: number }>
  | OnlyReason<
      | "unmatched topic"
      | "join crashed"
      | "join timeout"
      | "too many channels joined"
      | "invalid message"
      | "unknown event"
      | "forbidden"
      | "overloaded"
      | "expired"
      | "revoked"
      | "binary not supported"
      | "channel closed"
    >
  /** No answer in time. What was not sent by then never is. */
  | Refused<"timeout", undefined>
  /** The connection was lost before the answer: the server may have done it, or not. */
  | Refused<"disconnected", undefined>
  /** The membership ended before the answer: by a crash, by the server, by leaving. */
  | Refused<"ended", unknown>
  /** An error that this module does not know: the server has another contract. */
  | Refused<"unknown", unknown>;

/** What becomes of a join or push: look at `ok`, then at `reason`. */
export type Result<Response, Refusals = never> = Ok<Response> | Refusals | Failure;

/**
 * Parameters, or what makes them anew each time they are sent. (A function is an object with a
 * `name`, so it has to be told that it is not meant by the first.)
 */
export type Fresh<Params> = (Params & { readonly [Symbol.hasInstance]?: never }) | (() => Params);

/** One push of several, told by its `event`. */
export type Pushed<Pushes, Events extends keyof Pushes> = {
  [Event in Events]: { readonly event: Event; readonly payload: Pushes[Event] };
}[Events];

/** How a channel is joined. */
export type JoinOptions<Pushes> = {
  /** Listeners, there before anything can come. */
  readonly on?: { readonly [Event in keyof Pushes]?: (payload: Pushes[Event]) => void } | undefined;
  /** How long an answer may take, in milliseconds; the socket's `timeout` if not given. */
  readonly timeout?: number | undefined;
};

type KnownReasons = readonly (string | null)[];
type AnyResult = Ok<unknown> | Refused<string | null, unknown>;
type PendingCall = { sent: boolean; settle(result: AnyResult): void };
// What phoenix.js has and its types do not tell.
type PhoenixInternals = { readonly ref?: string | null; cancelTimeout?(): void };
type PhoenixListener = (payload?: unknown) => void;

const FRAMEWORK: ReadonlySet<string | null> = new Set<Failure["reason"]>([
  "invalid payload",
  "rate_limited",
  "unmatched topic",
  "join crashed",
  "join timeout",
  "too many channels joined",
  "invalid message",
  "unknown event",
  "forbidden",
  "overloaded",
  "expired",
  "revoked",
  "binary not supported",
  "channel closed",
]);
const TIMEOUT: AnyResult = { ok: false, reason: "timeout", response: undefined };
const DISCONNECTED: AnyResult = { ok: false, reason: "disconnected", response: undefined };
const LONGEST = 2 ** 31 - 1; // milliseconds that a timer takes

function refused(response: unknown, reasons: KnownReasons): AnyResult {
  const told = (response as { reason?: unknown } | null | undefined)?.reason;
  const reason = typeof told === "string" ? told : null;
  if (reasons.includes(reason) || FRAMEWORK.has(reason)) return { ok: false, reason, response };
  return { ok: false, reason: reasons.includes(null) ? null : "unknown", response };
}

/** A payload as phoenix.js takes it: of binary ones only an ArrayBuffer goes out as such. */
function outgoing(payload: unknown): object {
  if (!ArrayBuffer.isView(payload)) return payload as object;
  const { buffer, byteOffset, byteLength } = payload;
  return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
}

/** One of your channels: typed, over the channel of phoenix.js. */
export class TypedChannel<Pushes, Joined> {
  /** The channel of phoenix.js, for what is not wrapped here. */
  readonly channel: PhoenixChannel;
  readonly topic: string;
  /**
   * The first answer to the join. It never rejects.
   *
   * phoenix.js goes on trying after an error until it is let in or you `leave()`; `onJoin` tells.
   */
  readonly joined: Promise<Joined>;
  readonly #socket: PhoenixSocket;
  readonly #calls = new Set<PendingCall>();
  readonly #streams = new Set<PhoenixInternals>();
  readonly #watchers = new Set<(answer: Joined) => void>();
  #first: (answer: Joined) => void = () => {};

  constructor(socket: PhoenixSocket, topic: string, params: unknown) {
    this.topic = topic;
    this.#socket = socket;
    const fresh = typeof params === "function" ? () => outgoing(params()) : outgoing(params);
    this.channel = socket.channel(topic, fresh);
    this.joined = new Promise((resolve) => {
      this.#first = resolve;
    });
  }

  /** Listen to a push, from now on. Returns what ends it. */
  on<Event extends keyof Pushes & string>(
    event: Event,
    callback: (payload: Pushes[Event]) => void,
  ): () => void {
    const listener = (payload: unknown, ref?: string | null) => {
      for (const stream of this.#streams) if (ref && stream.ref === ref) return;
      callback(payload as Pushes[Event]);
    };
    const binding = this.channel.on(event, listener as PhoenixListener);
    return () => this.channel.off(event, binding);
  }

  /**
   * Be told of every answer to a join: of the first, and of each after the connection was lost
   * and found again. Returns what ends it.
   */
  onJoin(callback: (answer: Joined) => void): () => void {
    this.#watchers.add(callback);
    return () => void this.#watchers.delete(callback);
  }

  /** Leave. Resolves once that is confirmed, or cannot be any more. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      const push = this.channel.leave();
      for (const status of ["ok", "error", "timeout"] as const) push.receive(status, () => resolve());
    });
  }

  protected _join(reasons: KnownReasons, options: JoinOptions<Pushes>): void {
    for (const [event, callback] of Object.entries(options.on ?? {})) {
      if (callback) this.on(event as keyof Pushes & string, callback as (payload: unknown) => void);
    }
    this.channel.onError((reason) => this.#lost(reason));
    this.channel.onClose((response) => this.#over({ ok: false, reason: "ended", response }, true));
    this.channel
      .join(options.timeout)
      .receive("ok", (response) => {
        for (const call of this.#calls) call.sent = true; // phoenix.js has just sent what had waited
        this.#answered({ ok: true, response });
      })
      .receive("error", (response) => this.#answered(refused(response, reasons)))
      .receive("timeout", () => this.#answered(TIMEOUT));
  }

  /** Push, and wait for the reply. */
  protected _call<R>(event: string, payload: unknown, reasons: KnownReasons, timeout?: number): Promise<R> {
    return new Promise((resolve) => {
      this.#push(event, payload, reasons, timeout, (result) => resolve(result as R));
    });
  }

  /** Push what has no reply unless something is wrong. */
  protected _send<F>(
    event: string,
    payload: unknown,
    reasons: KnownReasons,
    failed: ((failure: F) => void) | undefined,
  ): void {
    this.#push(event, payload, reasons, undefined, (result, sent) => {
      const silent = sent && (result === TIMEOUT || result === DISCONNECTED);
      if (!result.ok && !silent) failed?.(result as F);
    });
  }

  /** Push, and take what comes with the push's own ref until the reply. */
  protected _stream<Item, End extends AnyResult>(
    event: string,
    payload: unknown,
    reasons: KnownReasons,
    events: readonly string[],
  ): Stream<Item, End> {
    const stream = new Stream<Item, End>();
    const bindings: [string, number][] = [];
    let push: (PhoenixPush & PhoenixInternals) | undefined;
    push = this.#push(event, payload, reasons, LONGEST, (result) => {
      for (const [name, binding] of bindings) this.channel.off(name, binding);
      if (push) this.#streams.delete(push);
      push?.cancelTimeout?.();
      stream._end(result as End);
    });
    if (!push) return stream;
    this.#streams.add(push);
    for (const name of events) {
      const listener = (item: unknown, ref?: string | null) => {
        // Binary pushes have no place for a ref: these are told by their event.
        if (ref ? ref === push.ref : item instanceof ArrayBuffer) {
          stream._put({ event: name, payload: item } as Item);
        }
      };
      bindings.push([name, this.channel.on(name, listener as PhoenixListener)]);
    }
    return stream;
  }

  #push(
    event: string,
    payload: unknown,
    reasons: KnownReasons,
    timeout: number | undefined,
    settle: (result: AnyResult, sent: boolean) => void,
  ): (PhoenixPush & PhoenixInternals) | undefined {
    const { state } = this.channel;
    if (state === "closed" || state === "leaving") {
      settle({ ok: false, reason: "ended", response: undefined }, false);
      return undefined;
    }
    const call: PendingCall = {
      sent: state === "joined" && this.#socket.isConnected(),
      settle: (result) => {
        if (this.#calls.delete(call)) settle(result, call.sent);
      },
    };
    const push = this.channel.push(event, outgoing(payload), timeout);
    this.#calls.add(call);
    return push
      .receive("ok", (response) => call.settle({ ok: true, response }))
      .receive("error", (response) => call.settle(refused(response, reasons)))
      .receive("timeout", () => call.settle(TIMEOUT));
  }

  #answered(answer: AnyResult): void {
    this.#first(answer as Joined);
    for (const watcher of [...this.#watchers]) watcher(answer as Joined);
  }

  /** The connection was lost, or the server said phx_error. */
  #lost(response: unknown): void {
    const source = (response as { source?: unknown } | null | undefined)?.source;
    const transport = response === undefined || source === "transport";
    this.#over(transport ? DISCONNECTED : { ok: false, reason: "ended", response }, false);
  }

  #over(result: AnyResult, all: boolean): void {
    this.#first(result as Joined);
    for (const call of [...this.#calls]) if (all || call.sent) call.settle(result);
  }
}

/** A stream was broken off; `failure` says why. */
export class StreamBroken extends Error {
  readonly failure: Refused<string | null, unknown>;

  constructor(failure: Refused<string | null, unknown>) {
    super(`the stream was broken off: ${failure.reason ?? "without a reason"}`);
    this.name = "StreamBroken";
    this.failure = failure;
  }
}

/**
 * An answer in pieces, to be iterated over once. Throws StreamBroken if it does not come to its
 * end; `end` says the same without throwing.
 */
export class Stream<Item, End extends { readonly ok: boolean }> implements AsyncIterableIterator<Item> {
  /** What ended it. It never rejects. */
  readonly end: Promise<End>;
  readonly #items: Item[] = [];
  readonly #waiting: (() => void)[] = [];
  #over = false;
  #broken: StreamBroken | undefined;
  #ended: (end: End) => void = () => {};

  constructor() {
    this.end = new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    while (!this.#items.length && !this.#over) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#items.length) return { done: false, value: this.#items.shift() as Item };
    const broken = this.#broken;
    this.#broken = undefined;
    if (broken) throw broken;
    return { done: true, value: undefined };
  }

  /** Take no more of it. The server is not told: a stream goes on until it ends, or you leave. */
  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#items.length = 0;
    this.#broken = undefined;
    this.#over = true;
    this.#wake();
    return { done: true, value: undefined };
  }

  /** @internal */
  _put(item: Item): void {
    if (this.#over) return;
    this.#items.push(item);
    this.#wake();
  }

  /** @internal */
  _end(end: End): void {
    if (!this.#over && !end.ok) {
      this.#broken = new StreamBroken(end as unknown as Refused<string | null, unknown>);
    }
    this.#over = true;
    this.#ended(end);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A presence: its metas, and what the server tells beside them. */
export type Present<Meta, Beside = unknown> = Beside & {
  metas: (Meta & { phx_ref: string; phx_ref_prev?: string | undefined })[];
};

/** Who is here: typed, over phoenix.js's Presence. */
export class Presences<Entry> {
  /** The Presence of phoenix.js, for what is not wrapped here. */
  readonly presence: PhoenixPresence;
  readonly #joins = new Set<(key: string, before: Entry | undefined, joined: Entry) => void>();
  readonly #leaves = new Set<(key: string, after: Entry, left: Entry) => void>();
  readonly #syncs = new Set<() => void>();

  constructor(channel: PhoenixChannel) {
    this.presence = new PhoenixPresence(channel);
    this.presence.onJoin((key = "", before, joined) => {
      for (const callback of [...this.#joins]) callback(key, before as Entry | undefined, joined as Entry);
    });
    this.presence.onLeave((key = "", after, left) => {
      for (const callback of [...this.#leaves]) callback(key, after as Entry, left as Entry);
    });
    this.presence.onSync(() => {
      for (const callback of [...this.#syncs]) callback();
    });
  }

  /** Everybody who is here: what `choose` makes of each, or each as it is. */
  list(): Entry[];
  list<T>(choose: (key: string, entry: Entry) => T): T[];
  list<T>(choose?: (key: string, entry: Entry) => T): (T | Entry)[] {
    return this.presence.list<T | Entry>(choose ?? ((_, entry) => entry as Entry));
  }

  /** Be told who came, with what was there under the key before. Returns what ends it. */
  onJoin(callback: (key: string, before: Entry | undefined, joined: Entry) => void): () => void {
    this.#joins.add(callback);
    return () => void this.#joins.delete(callback);
  }

  /** Be told who left, with what is there under the key after. Returns what ends it. */
  onLeave(callback: (key: string, after: Entry, left: Entry) => void): () => void {
    this.#leaves.add(callback);
    return () => void this.#leaves.delete(callback);
  }

  /** Be told whenever the list has changed. Returns what ends it. */
  onSync(callback: () => void): () => void {
    this.#syncs.add(callback);
    return () => void this.#syncs.delete(callback);
  }
}

/** The values of a topic's parameters as its text, exactly as the server writes them. */
export const inTopic = {
  /** Text, a boolean, or one of several values: a segment. */
  one(name: string, value: string | number | boolean): string {
    const text = String(value);
    if (text === "" || text.includes(":")) {
      throw new RangeError(`${name} must have a character at least, and no ":", got ${JSON.stringify(text)}`);
    }
    return text;
  },
  /** A whole number; above 2 ** 53 as a bigint. */
  whole(name: string, value: number | bigint): string {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw new RangeError(`${name} must be a safe integer or a bigint, got ${value}`);
    }
    return String(value);
  },
  uuid(name: string, value: string): string {
    const text = value.toLowerCase();
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) {
      throw new RangeError(`${name} must be a UUID, got ${JSON.stringify(value)}`);
    }
    return text;
  },
  /** A day, as in 2026-11-23. */
  date(name: string, value: string): string {
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) {
      throw new RangeError(`${name} must be a date as in 2026-11-23, got ${JSON.stringify(value)}`);
    }
    return value;
  },
};

/** Connect parameters without those that have no value, which phoenix.js would send as texts. */
export function query(params: object): object {
  const told = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    told.map(([key, value]) => [key, typeof value === "object" ? query(value) : value]),
  );
}
