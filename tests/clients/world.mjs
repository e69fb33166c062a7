// What a scenario has at hand: sockets of one version of phoenix.js, and promises for what happens.
import { createRequire } from "node:module";

import { XMLHttpRequest } from "./xhr.mjs";

const require = createRequire(`${process.env.CHANNELKIT_NODE_MODULES}/`);
const { WebSocket } = require("ws");

const SOON = 20; // milliseconds: how soon phoenix.js is to try again

/** What happened and was not yet asked for, in order. */
export class Mailbox {
  #mail = [];
  #waiting = [];

  put = (letter) => {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(letter);
    else this.#mail.push(letter);
  };

  next() {
    if (this.#mail.length > 0) return Promise.resolve(this.#mail.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All that is here. */
  rest() {
    return this.#mail.splice(0);
  }
}

const STATE = "presence_state";
const DIFF = "presence_diff";

/** The oldest phoenix.js has functions instead of a class; this is how its pages used them. */
function byHand(Presence, channel, { joined, left, synced }) {
  const here = { state: {} };
  channel.on(STATE, (state) => {
    here.state = Presence.syncState(here.state, state, joined, left);
    synced();
  });
  channel.on(DIFF, (diff) => {
    here.state = Presence.syncDiff(here.state, diff, joined, left);
    synced();
  });
  return here;
}

/** A presence of one version of phoenix.js. Its mailboxes: syncs, leaves (keys). */
class Watching {
  events = [];
  syncs = new Mailbox();
  leaves = new Mailbox();

  constructor(Presence, channel) {
    for (const event of [STATE, DIFF]) channel.on(event, () => this.events.push(event));
    const hooks = {
      joined: () => {},
      left: (key) => this.leaves.put(key),
      synced: () => this.syncs.put(null),
    };
    if (typeof Presence !== "function") {
      this.presence = byHand(Presence, channel, hooks);
      return;
    }
    this.presence = new Presence(channel);
    this.presence.onLeave(hooks.left);
    this.presence.onSync(hooks.synced);
  }

  keys() {
    return Object.getOwnPropertyNames(this.presence.state);
  }

  /** Key → the statuses of its metas, both sorted; a meta that is there twice counts once. */
  list() {
    const { state } = this.presence;
    return Object.fromEntries(
      this.keys()
        .sort()
        .map((key) => {
          const metas = new Map(state[key].metas.map((meta) => [meta.phx_ref, meta.status]));
          return [key, [...metas.values()].sort()];
        }),
    );
  }

  /** What the server's fetch has added to each key. */
  names() {
    return Object.fromEntries(this.keys().map((key) => [key, this.presence.state[key].name]));
  }
}

export class World {
  #sockets = [];
  #topics = 0;

  constructor(library, transport, address, { say, ask }) {
    this.library = library;
    this.address = address;
    this.say = say;
    this.ask = ask;
    // The old ones poll with a browser's XMLHttpRequest, the new ones, where there is none, with fetch.
    if (library === "phoenix") delete globalThis.window;
    else globalThis.window = { XMLHttpRequest };
    const { LongPoll, Socket } = require(library);
    this.Socket = Socket;
    this.transport = transport === "longpoll" ? LongPoll : WebSocket;
  }

  /** A topic that nobody else uses. */
  topic(channel) {
    return `${channel}:${this.library}-${process.pid}-${Date.now()}-${++this.#topics}`;
  }

  /** A socket that connects. Its mailboxes: opens, closes (codes), errors (texts), frames. */
  connect(params = {}, options = {}) {
    const socket = new this.Socket(`${this.address.replace("http", "ws")}/socket`, {
      transport: this.transport,
      params,
      reconnectAfterMs: () => SOON,
      rejoinAfterMs: () => SOON,
      ...options,
    });
    const mail = { opens: "onOpen", closes: "onClose", errors: "onError", frames: "onMessage" };
    for (const [box, hook] of Object.entries(mail)) {
      const mailbox = (socket[box] = new Mailbox());
      socket[hook]((event) => mailbox.put(event?.code ?? event?.message ?? event ?? null));
    }
    this.#sockets.push(socket);
    socket.connect();
    return socket;
  }

  /** A channel that joins. Its mailboxes: joins (responses), refusals, errors, closes. */
  join(socket, topic, params = {}) {
    const channel = socket.channel(topic, params);
    for (const box of ["joins", "refusals", "errors", "closes"]) channel[box] = new Mailbox();
    channel.onError(channel.errors.put);
    channel.onClose(channel.closes.put);
    channel
      .join()
      .receive("ok", channel.joins.put)
      .receive("error", channel.refusals.put)
      .receive("timeout", () => channel.refusals.put("timeout"));
    return channel;
  }

  /** A channel that has joined. */
  async joined(socket, topic, params) {
    const channel = this.join(socket, topic, params);
    await channel.joins.next();
    return channel;
  }

  /** A push's reply, as `[status, response]`. */
  reply(channel, event, payload) {
    return new Promise((resolve) => {
      const push = channel.push(event, payload);
      for (const status of ["ok", "error", "timeout"]) {
        push.receive(status, (response) => resolve([status, response]));
      }
    });
  }

  /** Who is in a channel's topic, from before it joins. */
  presence(channel) {
    return new Watching(require(this.library).Presence, channel);
  }

  /** A mailbox of what a channel is sent under an event. */
  hears(channel, event) {
    const mailbox = new Mailbox();
    channel.on(event, mailbox.put);
    return mailbox;
  }

  /** Nothing, after so many milliseconds. */
  later(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  end() {
    for (const socket of this.#sockets) {
      socket.reconnectTimer.reset();
      socket.disconnect();
    }
  }
}
