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
export const FINGERPRINT = "sha256:c0236b0e4bddbda5f9d9fa8e65ebc0cb3e18f15ebffbd53ebed280fe865a2f55";

/** Where the endpoint is: `new Socket(PATH)`, behind a host if need be. */
export const PATH = "/socket";

/** The parameters of a connection. */
export type ConnectParams = Hello;

/**
 * Let every visitor in.
 *
 * `params` may be a function.
 */
export function socketOptions(
  params: Fresh<ConnectParams>,
  options: Partial<SocketConnectOption> = {},
): Partial<SocketConnectOption> {
  const fresh = typeof params === "function" ? () => query(params()) : query(params);
  return { ...options, params: fresh };
}

/** A message has its place in the room. */
export type Accepted = {
  /** @format date-time */
  at: string;
};

/** A member joined. */
export type Arrived = {
  name: string;
};

/** A member's time in the room ended; `removed_by` names the moderator who ended it. */
export type Departed = {
  name: string;
  removed_by: string | null;
};

/** The connect parameters. */
export type Hello = {
  /** @pattern "^[0-9a-f]{32}$" */
  visitor: string;
};

/** Ask for a seat under a name. */
export type JoinRoom = {
  /**
   * @maxLength 24
   * @pattern "^\\w[\\w .'\\-]*$"
   */
  name: string;
};

/** I am typing. Sent every few seconds while it is true. */
export type Keystroke = Empty;

/** Remove a member from the room. */
export type Kick = {
  /**
   * @maxLength 24
   * @pattern "^\\w[\\w .'\\-]*$"
   */
  name: string;
};

/** Somebody else in the room has this name. */
export type NameTaken = {
  reason: "name_taken";
  name: string;
};

/** Say something. The id is the sender's: sent again with it, it is not said again. */
export type NewMsg = {
  /** @pattern "^[0-9a-f]{32}$" */
  id: string;
  /**
   * @maxLength 2000
   * @minLength 1
   */
  body: string;
};

/** Nobody in the room has this name any more. */
export type NoSuchMember = {
  reason: "no_such_member";
  name: string;
};

/** Something was said. */
export type Posted = {
  /** @pattern "^[0-9a-f]{32}$" */
  id: string;
  user: string;
  body: string;
  /** @format date-time */
  at: string;
};

/** Your own time here ended: by a moderator, or, without one, by your other window. */
export type Removed = {
  by: string | null;
};

/** Every seat is taken. */
export type RoomFull = {
  reason: "room_full";
  /** @type integer */
  limit: number;
};

/** A member is here. Seats are counted in order of arrival: the lowest is the moderator's. */
export type Seated = {
  /** @type integer */
  seat: number;
};

/** A member is typing; true for a few seconds. */
export type Typing = {
  name: string;
};

/** The room as it is at the join; who is in it comes as its presence. */
export type Welcome = {
  you: string;
  history: Posted[];
};

// What all channels have.

// …

// The channels.

/** The parameters of `room:{name}`. */
export type ChatRoomParameters = {
  name: string;
};

/**
 * A topic of `room:{name}`.
 *
 * @throws RangeError A value has no form in a topic.
 */
export function chatRoomTopic(parameters: ChatRoomParameters): string {
  return ["room", inTopic.one("name", parameters.name)].join(":");
}

/** What `room:{name}` pushes, by event. */
export type ChatRoomPushes = {
  /** Something was said. */
  posted: Posted;
  /** A member is typing; true for a few seconds. */
  typing: Typing;
  /** A member joined. */
  arrived: Arrived;
  /** A member's time in the room ended; `removed_by` names the moderator who ended it. */
  departed: Departed;
  /** Your own time here ended: by a moderator, or, without one, by your other window. */
  removed: Removed;
};

/** What becomes of a join. */
export type ChatRoomJoined = Result<Welcome, Refused<"name_taken", NameTaken> | Refused<"room_full", RoomFull>>;

/**
 * A room to talk in. Whoever has been here longest may remove others.
 *
 * Made by `joinChatRoom`.
 */
export class ChatRoom extends TypedChannel<ChatRoomPushes, ChatRoomJoined> {
  /** Who is here. */
  readonly presence = new Presences<Present<Seated>>(this.channel);

  constructor(
    socket: PhoenixSocket,
    parameters: ChatRoomParameters,
    params: Fresh<JoinRoom>,
    options: JoinOptions<ChatRoomPushes> = {},
  ) {
    super(socket, chatRoomTopic(parameters), params);
    this._join(["name_taken", "room_full"], options);
  }

  /** Say something to everybody in the room, once. */
  newMsg(payload: NewMsg, timeout?: number): Promise<Result<Accepted>> {
    return this._call("new_msg", payload, [], timeout);
  }

  /**
   * Show the others that this member is typing.
   *
   * It has no reply; `failed` is called if the server refuses it.
   */
  typing(payload: Keystroke = {}, failed?: (failure: Failure) => void): void {
    this._send("typing", payload, [], failed);
  }

  /**
   * Remove a member.
   *
   * Not every member may: `is_moderator` decides.
   */
  kick(payload: Kick, timeout?: number): Promise<Result<Empty, Refused<"no_such_member", NoSuchMember>>> {
    return this._call("kick", payload, ["no_such_member"], timeout);
  }
}

/**
 * Take a seat. A visitor whose old connection still holds the name takes that over.
 *
 * `params` may be a function: it is called for each join, also after the connection
 * was lost and found again.
 */
export function joinChatRoom(
  socket: PhoenixSocket,
  parameters: ChatRoomParameters,
  params: Fresh<JoinRoom>,
  options: JoinOptions<ChatRoomPushes> = {},
): ChatRoom {
  return new ChatRoom(socket, parameters, params, options);
}
