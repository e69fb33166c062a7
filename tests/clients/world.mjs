// What a scenario has at hand: sockets of one version of phoenix.js, and promises for what happens.
import { createRequire } from "node:module";

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

export class World {
  #sockets = [];
  #topics = 0;

  constructor(library, address, { say, ask }) {
    this.library = library;
    this.address = address;
    this.say = say;
    this.ask = ask;
    this.Socket = require(library).Socket;
  }

  /** A topic that nobody else uses. */
  topic(channel) {
    return `${channel}:${this.library}-${process.pid}-${Date.now()}-${++this.#topics}`;
  }

  /** A socket that connects. Its mailboxes: opens, closes (codes), errors (texts), frames. */
  connect(params = {}, options = {}) {
    const socket = new this.Socket(`${this.address.replace("http", "ws")}/socket`, {
      transport: WebSocket,
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

  /** A mailbox of what a channel is sent under an event. */
  hears(channel, event) {
    const mailbox = new Mailbox();
    channel.on(event, mailbox.put);
    return mailbox;
  }

  end() {
    for (const socket of this.#sockets) {
      socket.reconnectTimer.reset();
      socket.disconnect();
    }
  }
}
