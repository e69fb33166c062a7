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
export const FINGERPRINT = "sha256:fd3b4869a6398d42f8a1f7e15c239993acc53501179d4d9572e5b08c8c2ab9b1";

/** Where the endpoint is: `new Socket(PATH)`, behind a host if need be. */
export const PATH = "/socket";

/** The parameters of a connection. */
export type ConnectParams = Login;

/**
 * Only with a name.
 *
 * *\/ alert(1) /*
 *
 * It may be refused: banned (451).
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

export type Accepted = {
  /** @type integer */
  id: number;
  /** @default "none" */
  extra: string;
};

/** It has no reason. */
export type Bare = {
  /** @type integer */
  code: number;
};

export type Cat = {
  kind: "cat";
  /** @type integer */
  lives: number;
};

/** What it looks like. */
export type Color = "red" | "blue";

/** A message called as a channel. */
export type CornerInput = {
  everything: EverythingInput;
};

/** A message called as a channel. */
export type CornerOutput = {
  everything: EverythingOutput;
};

export type Count = {
  /** @type integer */
  to: number;
};

export type Counted = {
  /** @type integer */
  number: number;
};

export type Dog = {
  kind: "dog" | "wolf";
  weight: number;
};

/** A message called as a type of the module. */
export type Empty_ = Empty;

export type Enter = {
  token: string;
  /** @default "red" */
  color?: Color | undefined;
};

/**
 * Everything *\/ at once.
 *
 * | with | a | table |, `backticks`, </script> and """quotes"""
 * @ ts-expect-error
 */
export type EverythingInput = {
  color: Color;
  level: Level;
  point: Point;
  extra: Extra;
  pet: Cat | Dog;
  node: NodeInput;
  pages: readonly [PageInt, PageColor];
  anything: Json;
  value: JsonValue;
  price: number | string;
  /** @format date-time */
  at: string;
  /** @format date */
  day: string;
  /** @format duration */
  lasts: string;
  /** @format uuid */
  id: string;
  /** @format binary */
  raw: string;
  /** @format base64 */
  encoded: string;
  counts: { [key: string]: number };
  colors: { [key in Color]?: number };
  named: { [key: string]: number };
  by_number: { [key: string]: number };
  pair: readonly [number, string];
  many: readonly number[];
  nothing: readonly [];
  /** @uniqueItems true */
  unique: readonly number[];
  quoted: string;
  nested: NestedInput;
  literal: 1 | "a" | true | null;
  /** @format password */
  secret: string;
  /**
   * @format uri
   * @maxLength 2083
   * @minLength 1
   */
  url: string;
  /** @format path */
  path: string;
  /** @default null */
  null?: null | undefined;
  /** @default null */
  maybe?: number | null | undefined;
  /**
   * Old *\/ ones.
   *
   * @deprecated
   */
  numbers?: readonly number[] | undefined;
  /**
   * @maxLength 9
   * @minLength 1
   * @default "a"
   * @example "*\/"
   */
  text?: string | undefined;
  /**
   * @type integer
   * @default 1
   */
  "odd-name: */"?: number | undefined;
  [key: string]: unknown;
};

/**
 * Everything *\/ at once.
 *
 * | with | a | table |, `backticks`, </script> and """quotes"""
 * @ ts-expect-error
 */
export type EverythingOutput = {
  color: Color;
  level: Level;
  point: Point;
  extra: Extra;
  pet: Cat | Dog;
  node: NodeOutput;
  pages: [PageInt, PageColor];
  anything: Json;
  value: JsonValue;
  price: string;
  /** @format date-time */
  at: string;
  /** @format date */
  day: string;
  /** @format duration */
  lasts: string;
  /** @format uuid */
  id: string;
  /** @format binary */
  raw: string;
  /** @format base64 */
  encoded: string;
  counts: { [key: string]: number };
  colors: { [key in Color]?: number };
  named: { [key: string]: number };
  by_number: { [key: string]: number };
  pair: [number, string];
  many: number[];
  nothing: [];
  /** @uniqueItems true */
  unique: number[];
  quoted: number[];
  nested: NestedOutput;
  literal: 1 | "a" | true | null;
  /** @format password */
  secret: string;
  /**
   * @format uri
   * @maxLength 2083
   * @minLength 1
   */
  url: string;
  /** @format path */
  path: string;
  /** @default null */
  null: null;
  /** @default null */
  maybe: number | null;
  /**
   * Old *\/ ones.
   *
   * @deprecated
   */
  numbers: number[];
  /**
   * @maxLength 9
   * @minLength 1
   * @default "a"
   * @example "*\/"
   */
  text: string;
  /**
   * @type integer
   * @default 1
   */
  "odd-name: */": number;
  /** @type integer */
  computed: number;
  [key: string]: unknown;
};

export type Extra = {
  /** @type integer */
  a: number;
  b?: string | undefined;
  [key: string]: unknown;
};

/** It has the reason of one of the framework's own. */
export type Forbidden = {
  reason: "forbidden";
  by: string;
};

export type JsonValue = Json;

export type Level = 1 | 2;

/**
 * Who connects. A *\/ ends no comment, and neither does
 *  a line.
 */
export type Login = {
  name: string;
  /** @default "" */
  pin?: string | undefined;
  filters?: { [key: string]: string } | undefined;
};

export type NestedInput = number | (readonly NestedInput[]);

export type NestedOutput = number | NestedOutput[];

/**
 * Say something.
 *
 * @ ts-expect-error
 */
export type NewMsg = {
  /**
   * @maxLength 20
   * @minLength 1
   */
  body: string;
  walls?: readonly WallInput[] | undefined;
};

/** It holds others of its kind. */
export type NodeInput = {
  /** @default [] */
  children?: readonly NodeInput[] | undefined;
  /** @default null */
  parent?: NodeInput | null | undefined;
};

/** It holds others of its kind. */
export type NodeOutput = {
  /** @default [] */
  children: NodeOutput[];
  /** @default null */
  parent: NodeOutput | null;
};

/** Nothing at all. */
export type Nothing = Empty;

export type Online = {
  /** @default "online" */
  status: string;
};

export type PageColor = {
  items: readonly Color[];
};

export type PageInt = {
  items: readonly number[];
};

export type Point = readonly [number, number?];

/**
 * Somebody said something.
 *
 * </script> `backticks` ${1} """quotes""" | and *\/ a comment's end
 */
export type Posted = {
  user: string;
  body: string;
  /** @default null */
  at: string | null;
};

export type Profile = {
  full_name: string;
};

/** A message called as a global of JavaScript. */
export type Promise_ = {
  result: Empty_;
  /** @default true */
  ok: boolean;
};

export type TestsCodegenAppOneMsg = {
  /** @type integer */
  one: number;
};

export type TestsCodegenAppTwoMsg = {
  two: string;
};

/** A wall, which goes both ways and has a default. */
export type WallInput = {
  /**
   * @type integer
   * @default 3
   */
  height?: number | undefined;
};

/** A wall, which goes both ways and has a default. */
export type WallOutput = {
  /**
   * @type integer
   * @default 3
   */
  height: number;
};

/** What is to be seen. */
export type Welcome = {
  name: string;
  walls: WallOutput[];
  colors: { [key in Color]?: number };
};

/** The token is not right. */
export type WrongToken = {
  reason: "wrong_token";
  hint: string;
};

// What all channels have.

// …

// The channels.

/** The parameters of `hall:{hall_id}`. */
export type HallParameters = {
  hallId: number | bigint;
};

/**
 * A topic of `hall:{hall_id}`.
 *
 * @throws RangeError A value has no form in a topic.
 */
export function hallTopic(parameters: HallParameters): string {
  return ["hall", inTopic.whole("hallId", parameters.hallId)].join(":");
}

/** What `hall:{hall_id}` pushes, by event. */
export type HallPushes = {
  /**
   * Somebody said something.
   *
   * </script> `backticks` ${1} """quotes""" | and *\/ a comment's end
   */
  "room:posted": Posted;
  counted: Counted;
  /** Something, or bytes. */
  blob: Json | ArrayBuffer;
};

/** What becomes of a join. */
export type HallJoined = Result<Welcome, Refused<"wrong_token", WrongToken>>;

/**
 * A hall to talk in.
 *
 * It echoes.
 *
 * Made by `joinHall`.
 */
export class Hall extends TypedChannel<HallPushes, HallJoined> {
  /** Who is here. */
  readonly presence = new Presences<Present<Online, Profile>>(this.channel);

  constructor(
    socket: PhoenixSocket,
    parameters: HallParameters,
    params: Fresh<Enter>,
    options: JoinOptions<HallPushes> = {},
  ) {
    super(socket, hallTopic(parameters), params);
    this._join(["wrong_token"], options);
  }

  /**
   * Say something to everybody.
   *
   * At most 100/s; what comes sooner is `rate_limited`.
   */
  newMsg(payload: NewMsg, timeout?: number): Promise<Result<Accepted, Refused<"wrong_token", WrongToken> | Refused<null, Bare> | Refused<"forbidden", Forbidden>>> {
    return this._call("new_msg", payload, ["wrong_token", null, "forbidden"], timeout);
  }

  /**
   * Say that you are typing.
   *
   * It has no reply; `failed` is called if the server refuses it.
   */
  typing(payload: Nothing = {}, failed?: (failure: Failure) => void): void {
    this._send("typing", payload, [], failed);
  }

  /** It has no reply; `failed` is called if the server refuses it. */
  whisper(payload: NewMsg, failed?: (failure: Refused<"wrong_token", WrongToken> | Failure) => void): void {
    this._send("whisper", payload, ["wrong_token"], failed);
  }

  /** It may have no reply: then it is a `timeout`. */
  perhaps(payload: Nothing = {}, timeout?: number): Promise<Result<Accepted>> {
    return this._call("perhaps", payload, [], timeout);
  }

  /**
   * Count.
   *
   * It comes in pieces, and ends with the server's reply.
   */
  count(payload: Count): Stream<Pushed<HallPushes, "counted" | "room:posted">, Result<Empty, Refused<"wrong_token", WrongToken>>> {
    return this._stream("count", payload, ["wrong_token"], ["counted", "room:posted"]);
  }

  /** Turn bytes round. */
  bytes(payload: Nothing | Binary = {}, timeout?: number): Promise<Result<ArrayBuffer | Empty>> {
    return this._call("bytes", payload, [], timeout);
  }

  open(payload: OpenPayload = {}, timeout?: number): Promise<Result<Json | ArrayBuffer>> {
    return this._call("open", payload, [], timeout);
  }

  /**
   * Close the connection; clients come back.
   *
   * Not every member may: `may_close` decides.
   */
  close(payload: Nothing = {}, timeout?: number): Promise<Result<Empty>> {
    return this._call("close", payload, [], timeout);
  }

  stop(payload: Nothing = {}, timeout?: number): Promise<Result<Empty>> {
    return this._call("stop", payload, [], timeout);
  }
}

/**
 * Come in, with a token.
 *
 * `params` may be a function: it is called for each join, also after the connection
 * was lost and found again.
 */
export function joinHall(
  socket: PhoenixSocket,
  parameters: HallParameters,
  params: Fresh<Enter>,
  options: JoinOptions<HallPushes> = {},
): Hall {
  return new Hall(socket, parameters, params, options);
}

/** The parameters of `corner:{color}:{level}:{kind}:{id}:{day}:{quiet}:{end*}`. */
export type CornersParameters = {
  color: "red" | "blue";
  level: 1 | 2;
  kind: "a" | 1;
  id: string;
  day: string;
  quiet: boolean;
  end: string;
};

/**
 * A topic of `corner:{color}:{level}:{kind}:{id}:{day}:{quiet}:{end*}`.
 *
 * @throws RangeError A value has no form in a topic.
 */
export function cornersTopic(parameters: CornersParameters): string {
  return ["corner", inTopic.one("color", parameters.color), inTopic.one("level", parameters.level), inTopic.one("kind", parameters.kind), inTopic.uuid("id", parameters.id), inTopic.date("day", parameters.day), inTopic.one("quiet", parameters.quiet), parameters.end].join(":");
}

/** What `corner:{color}:{level}:{kind}:{id}:{day}:{quiet}:{end*}` pushes, by event. */
export type CornersPushes = {
  /** A message called as a global of JavaScript. */
  promise: Promise_;
  /** A message called as a channel. */
  corner: CornerOutput;
};

/** What becomes of a join. */
export type CornersJoined = Result<Empty>;

/** Made by `joinCorners`. */
export class Corners extends TypedChannel<CornersPushes, CornersJoined> {
  constructor(
    socket: PhoenixSocket,
    parameters: CornersParameters,
    params: Fresh<OpenPayload>,
    options: JoinOptions<CornersPushes> = {},
  ) {
    super(socket, cornersTopic(parameters), params);
    this._join([], options);
  }

  newMsg2(payload: TestsCodegenAppOneMsg, timeout?: number): Promise<Result<TestsCodegenAppTwoMsg>> {
    return this._call("new-msg", payload, [], timeout);
  }

  newMsg(payload: TestsCodegenAppTwoMsg, timeout?: number): Promise<Result<TestsCodegenAppOneMsg>> {
    return this._call("newMsg", payload, [], timeout);
  }

  kick(payload: Empty_ = {}, timeout?: number): Promise<Result<Promise_>> {
    return this._call("kick!", payload, [], timeout);
  }

  delete(payload: Nothing = {}, timeout?: number): Promise<Result<Empty>> {
    return this._call("delete", payload, [], timeout);
  }

  then_(payload: Nothing = {}, timeout?: number): Promise<Result<Empty>> {
    return this._call("then", payload, [], timeout);
  }

  _2fa(payload: Nothing = {}, timeout?: number): Promise<Result<Empty>> {
    return this._call("2fa", payload, [], timeout);
  }

  größe(payload: Nothing = {}, timeout?: number): Promise<Result<Empty>> {
    return this._call("größe '\"\\ \u202e*/", payload, [], timeout);
  }

  event1f44b(payload: CornerInput, timeout?: number): Promise<Result<CornerOutput>> {
    return this._call("👋", payload, [], timeout);
  }
}

/**
 * `params` may be a function: it is called for each join, also after the connection
 * was lost and found again.
 */
export function joinCorners(
  socket: PhoenixSocket,
  parameters: CornersParameters,
  params: Fresh<OpenPayload> = {},
  options: JoinOptions<CornersPushes> = {},
): Corners {
  return new Corners(socket, parameters, params, options);
}

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

/** A topic of `admin:quiet`. */
export function adminQuietTopic(): string {
  return "admin:quiet";
}

/** What `admin:quiet` pushes, by event. */
export type AdminQuietPushes = Record<never, never>;

/** What becomes of a join. */
export type AdminQuietJoined = Result<Empty>;

/** Made by `joinAdminQuiet`. */
export class AdminQuiet extends TypedChannel<AdminQuietPushes, AdminQuietJoined> {
  constructor(
    socket: PhoenixSocket,
    params: Fresh<Nothing | Binary>,
    options: JoinOptions<AdminQuietPushes> = {},
  ) {
    super(socket, adminQuietTopic(), params);
    this._join([], options);
  }
}

/**
 * `params` may be a function: it is called for each join, also after the connection
 * was lost and found again.
 */
export function joinAdminQuiet(
  socket: PhoenixSocket,
  params: Fresh<Nothing | Binary> = {},
  options: JoinOptions<AdminQuietPushes> = {},
): AdminQuiet {
  return new AdminQuiet(socket, params, options);
}
