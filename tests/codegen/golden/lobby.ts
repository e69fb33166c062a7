// Typed channels, over the npm package phoenix.
// Written by channelkit from the server's contract: not to be edited, but written anew.

import {
  Presence as PhoenixPresence,
  type Channel as PhoenixChannel,
  type Push as PhoenixPush,
  type Socket as PhoenixSocket,
  type SocketConnectOption,
} from "phoenix";

/** Of the contract: another one, and something has changed on the wire. */
export const FINGERPRINT = "sha256:a59f1f5552c5c9f3470188187d8bae5883a2f835c339b1edad64e52e517c1963";

/** The variables of `/rooms/{id}/socket`. */
export type PathVariables = {
  id: string;
};

/** Where the endpoint is: `new Socket(path(…))`, behind a host if need be. */
export function path(variables: PathVariables): string {
  return ["", "rooms", encodeURIComponent(variables.id), "socket"].join("/");
}

/** The parameters of a connection. */
export type ConnectParams = Omit<Where, "id">;

/** `params` may be a function. */
export function socketOptions(
  params: Fresh<ConnectParams>,
  options: Partial<SocketConnectOption> = {},
): Partial<SocketConnectOption> {
  const fresh = typeof params === "function" ? () => query(params()) : query(params);
  return { ...options, params: fresh };
}

/** Nothing at all. */
export type Nothing = Empty;

export type Where = {
  id: string;
  /**
   * @type integer
   * @default 0
   */
  since?: number | undefined;
};

// What all channels have.

// …

// The channels.

/** A topic of `quiet`. */
export function quietTopic(): string {
  return "quiet";
}

/** What `quiet` pushes, by event. */
export type QuietPushes = Record<never, never>;

/** What becomes of a join. */
export type QuietJoined = Result<Empty>;

/** Made by `joinQuiet`. */
export class Quiet extends TypedChannel<QuietPushes, QuietJoined> {
  constructor(
    socket: PhoenixSocket,
    params: Fresh<Nothing | Binary>,
    options: JoinOptions<QuietPushes> = {},
  ) {
    super(socket, quietTopic(), params);
    this._join([], options);
  }
}

/**
 * `params` may be a function: it is called for each join, also after the connection
 * was lost and found again.
 */
export function joinQuiet(
  socket: PhoenixSocket,
  params: Fresh<Nothing | Binary> = {},
  options: JoinOptions<QuietPushes> = {},
): Quiet {
  return new Quiet(socket, params, options);
}
