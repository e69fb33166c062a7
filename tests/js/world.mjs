// A world for one client: a clock that stands still until told, and sockets whose far end we hold.
import { Socket } from "../../channelkit/js/channelkit.js";

const OPEN = 1;
const CLOSED = 3;

/** The far end is the test: it opens, speaks and drops. Events come later, as a browser's do. */
class FakeWebSocket {
  readyState = 0;
  sent = [];
  closed = null;

  constructor(url) {
    this.url = url;
  }

  send(data) {
    if (this.readyState !== OPEN) throw new Error("InvalidStateError");
    this.sent.push(typeof data === "string" ? JSON.parse(data) : [...data]);
  }

  close(code, reason) {
    this.closed = { code, reason };
    this.readyState = CLOSED;
  }

  opens() {
    this.readyState = OPEN;
    this.onopen?.();
  }

  says(...envelope) {
    this.onmessage?.({ data: JSON.stringify(envelope) });
  }

  saysBytes(...bytes) {
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }

  drops(code = 1006, reason = "") {
    this.readyState = CLOSED;
    this.onclose?.({ code, reason });
  }
}

class Clock {
  now = 0;
  #timers = new Map();
  #last = 0;

  setTimeout = (callback, milliseconds) => {
    this.#timers.set(++this.#last, { callback, due: this.now + milliseconds });
    return this.#last;
  };

  clearTimeout = (timer) => void this.#timers.delete(timer);

  get waiting() {
    return this.#timers.size;
  }

  advance(milliseconds) {
    const end = this.now + milliseconds;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      const [timer, { callback, due }] = next;
      this.#timers.delete(timer);
      this.now = due;
      callback();
    }
    this.now = end;
  }

  #next(end) {
    const due = [...this.#timers].filter(([, timer]) => timer.due <= end);
    return due.sort(([, one], [, other]) => one.due - other.due)[0];
  }
}

export class World {
  clock = new Clock();
  links = [];
  changes = [];

  /** @param {object} [options] Beside the fakes. */
  constructor(options = {}) {
    const { links, clock } = this;
    class WebSocket extends FakeWebSocket {
      constructor(url) {
        super(url);
        links.push(this);
      }
    }
    const { setTimeout, clearTimeout } = clock;
    this.fakes = { WebSocket, setTimeout, clearTimeout, random: () => 0.5 };
    this.socket = new Socket("wss://example.org/socket", { ...this.fakes, ...options });
    this.socket.onState((change) => this.changes.push(change));
  }

  /** The newest connection's far end. */
  get link() {
    return this.links.at(-1);
  }

  /** The last frame that the far end got. */
  get heard() {
    return this.link.sent.at(-1);
  }

  connected() {
    this.socket.connect();
    this.link.opens();
    return this;
  }

  /** Drop the connection, let the next try come, and open it. */
  reconnected() {
    this.link.drops();
    this.clock.advance(10);
    this.link.opens();
  }

  /** A channel whose join the far end has granted. */
  async joined(topic = "room:1", params = {}) {
    const room = this.socket.channel(topic);
    const changes = [];
    room.onState((change) => changes.push(change));
    const join = room.join(params);
    this.grants();
    await join;
    return Object.assign(room, { changes });
  }

  /** Answer the last frame ok. */
  grants(response = {}) {
    this.answers("ok", response);
  }

  answers(status, response) {
    const [joinRef, ref, topic] = this.heard;
    this.link.says(joinRef, ref, topic, "phx_reply", { status, response });
  }
}

/** What a promise came to: its value, or the error's name, reason and response. */
export async function outcome(promise) {
  try {
    return { ok: await promise };
  } catch ({ name, reason, response, message }) {
    return response === undefined ? { name, reason: reason ?? message } : { name, reason, response };
  }
}

/** Whether a promise is still open, once all that could settle it now has run. */
export async function pending(promise) {
  const open = Symbol("open");
  await new Promise(setImmediate);
  return (await Promise.race([promise.catch(() => null), Promise.resolve(open)])) === open;
}

export const states = (changes) => changes.map(({ state }) => state);
