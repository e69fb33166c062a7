// Uses of the generated module that have to compile. What a variable is declared as is what it must be.
import { Socket } from "phoenix";

import {
  type Accepted,
  type Bare,
  type CornerInput,
  type CornerOutput,
  type Enter,
  type EverythingInput,
  type EverythingOutput,
  FINGERPRINT,
  type Failure,
  type Forbidden,
  Hall,
  type HallPushes,
  type Json,
  PATH,
  type Result,
  type WallInput,
  type WallOutput,
  type Welcome,
  type WrongToken,
  adminQuietTopic,
  hallTopic,
  joinAdminQuiet,
  joinCorners,
  joinHall,
  joinQuiet,
  socketOptions,
} from "./hall.js";

const never = (impossible: never): never => impossible;

const socket = new Socket(PATH, socketOptions({ name: "ann" }, { timeout: 5000 }));
new Socket(`wss://chat.example${PATH}`, socketOptions(() => ({ name: "ann", pin: "1", filters: { a: "b" } })));
export const fingerprint: `sha256:${string}` = FINGERPRINT;

// Joining.
const token: string | undefined = undefined;
const room: Hall = joinHall(socket, { hallId: 42 }, { token: "ok" });
joinHall(socket, { hallId: 42n }, { token: "ok", color: "blue" }, { timeout: 100 });
joinHall(socket, { hallId: 1 }, () => ({ token: token ?? "", color: undefined }), {
  on: { counted: ({ number }) => number.toFixed(), "room:posted": (post) => post.at?.length },
  timeout: undefined,
});
joinQuiet(socket);
joinQuiet(socket, {}, {});
joinQuiet(socket, new Uint8Array(3));
joinAdminQuiet(socket, () => new ArrayBuffer(3));
export const topics: string[] = [hallTopic({ hallId: 3 }), adminQuietTopic()];

export async function joined(): Promise<Welcome | WrongToken | undefined> {
  const answer = await room.joined;
  if (answer.ok) {
    const walls: WallOutput[] = answer.response.walls;
    const height: number | undefined = walls[0]?.height;
    const red: number | undefined = answer.response.colors.red;
    return height === red ? answer.response : undefined;
  }
  if (answer.reason === "wrong_token") return answer.response;
  const failure: Failure = answer;
  return failure.reason === "timeout" ? failure.response : undefined;
}
export const endsWatching: () => void = room.onJoin((answer) => answer.ok || answer.reason);

// Pushing: every reason there can be.
export async function pushed(): Promise<string> {
  const walls: readonly WallInput[] = [{}, { height: 3 }];
  const result = await room.newMsg({ body: "hi", walls }, 500);
  if (result.ok) {
    const accepted: Accepted = result.response;
    return accepted.extra;
  }
  switch (result.reason) {
    case "wrong_token":
      return result.response.hint;
    case null: {
      const bare: Bare = result.response;
      return `${bare.code}`;
    }
    case "forbidden": {
      // A declared refusal and the framework's own: nobody can tell them apart.
      const forbidden: Forbidden | { readonly reason: "forbidden" } = result.response;
      return forbidden.reason;
    }
    case "invalid payload":
      return result.response.errors.map(({ loc, msg }) => `${loc.join(".")} ${msg}`).join();
    case "rate_limited":
      return `${result.response.retry_after}`;
    case "unmatched topic":
    case "join crashed":
    case "join timeout":
    case "too many channels joined":
    case "invalid message":
    case "unknown event":
    case "overloaded":
    case "expired":
    case "revoked":
    case "binary not supported":
    case "channel closed":
      return result.response.reason;
    case "timeout":
    case "disconnected": {
      const nothing: undefined = result.response;
      return `${nothing}`;
    }
    case "ended":
    case "unknown":
      return JSON.stringify(result.response);
    default:
      return never(result);
  }
}

const silent: void = room.typing();
room.typing({}, (failure: Failure) => failure.reason);
room.whisper({ body: "hi" }, (failure) => failure.reason === "wrong_token" && failure.response.hint);
export const perhaps: Promise<Result<Accepted>> = room.perhaps();
export const methods = (corners = joinCorners(socket, {
  color: "red", level: 1, kind: "a", id: "6f9619ff-8b86-d011-b42d-00cf4fc964ff", day: "2026-11-23", quiet: true, end: "",
})) => [corners.newMsg({ two: "2" }), corners.newMsg2({ one: 1 }), corners.delete(), corners.then_(), corners.kick(), corners.größe(), corners._2fa()];

// Pushes, binary, what is left open.
export const ends: (() => void)[] = [
  room.on("counted", ({ number }) => number.toFixed()),
  room.on("blob", (blob) => {
    const bytes: ArrayBuffer | Json = blob;
    return bytes;
  }),
];
export const keys: keyof HallPushes = Math.random() < 0.5 ? "room:posted" : "counted";
export async function bytes(): Promise<ArrayBuffer | undefined> {
  const result = await room.bytes(new DataView(new ArrayBuffer(3)));
  return result.ok && result.response instanceof ArrayBuffer ? result.response : undefined;
}
const enter: Enter = { token: "a type is any JSON" };
room.open(enter);
room.open([1, { two: [null] }]);
room.open(new ArrayBuffer(1));

// Streams and presence.
export async function* counted(): AsyncGenerator<number | string> {
  const stream = room.count({ to: 3 });
  for await (const item of stream) {
    if (item.event === "counted") yield item.payload.number;
    else yield item.payload.body;
  }
  const end = await stream.end;
  if (!end.ok && end.reason === "wrong_token") yield end.response.hint;
}
export const names: [string, string, string | undefined][] = room.presence.list(
  (key, { metas, full_name }) => [key, full_name, metas[0]?.status],
);
export const refs: (string | undefined)[] = room.presence.list().map(({ metas }) => metas[0]?.phx_ref_prev);
room.presence.onJoin((key, before, { metas }) => [key, before?.full_name, metas.length])();
room.presence.onLeave((key, after, left) => [key, after.metas.length, left.full_name]);
room.presence.onSync(() => {});

// What is sent and what is got.
export const corner = async (sent: CornerInput): Promise<CornerOutput | undefined> => {
  const everything: EverythingInput = { ...sent.everything, price: 1.5, quoted: "[1]" };
  delete everything.maybe;
  const { event1f44b } = joinCorners(socket, {
    color: "red", level: 1, kind: 1, id: "", day: "", quiet: true, end: "",
  });
  const result = await event1f44b({ everything });
  if (!result.ok) return undefined;
  const got: EverythingOutput = result.response.everything;
  const numbers: number[] = [...got.numbers, ...got.quoted, got.computed, got["odd-name: */"], got.maybe ?? 0];
  const pet: number = got.pet.kind === "cat" ? got.pet.lives : got.pet.weight;
  const tuple: [number, string] = got.pair;
  const literal: "a" | 1 | true | null = got.literal;
  const extra: unknown = got["whatever"];
  const deep: string | null | undefined = got.node.children[0]?.parent?.children.length ? null : got.colors.red?.toFixed();
  return numbers.length > pet && tuple && literal && extra && deep ? result.response : undefined;
};
export { silent };
room.channel.onClose(() => room.leave().then(() => socket.disconnect()));
