// Typed channels, over the npm package phoenix.
// Written by channelkit from the server's contract: not to be edited, but written anew.

import {
  Presence as PhoenixPresence,
  type Channel as PhoenixChannel,
  type Push as PhoenixPush,
  type Socket as PhoenixSocket,
} from "phoenix";

/** Of the contract: another one, and something has changed on the wire. */
export const FINGERPRINT = "sha256:c5c2c0db7596d52aa53ec240449873d89479b9fd5665aa8662a1e46d5bf0d717";

/** Where the endpoint is: `new Socket(PATH)`, behind a host if need be. */
export const PATH = "/bare";

/** Nothing at all. */
export type Nothing = Empty;

// What all channels have.

// …

// The channels.

/** A topic of `plain`. */
export function plainTopic(): string {
  return "plain";
}

/** What `plain` pushes, by event. */
export type PlainPushes = Record<never, never>;

/** What becomes of a join. */
export type PlainJoined = Result<Empty>;

/** Made by `joinPlain`. */
export class Plain extends TypedChannel<PlainPushes, PlainJoined> {
  constructor(
    socket: PhoenixSocket,
    params: Fresh<Nothing>,
    options: JoinOptions<PlainPushes> = {},
  ) {
    super(socket, plainTopic(), params);
    this._join([], options);
  }
}

/**
 * `params` may be a function: it is called for each join, also after the connection
 * was lost and found again.
 */
export function joinPlain(
  socket: PhoenixSocket,
  params: Fresh<Nothing> = {},
  options: JoinOptions<PlainPushes> = {},
): Plain {
  return new Plain(socket, params, options);
}
