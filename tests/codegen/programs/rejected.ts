// Uses of the generated module that must not compile: each wrong line has its error's number before it.
import { Socket } from "phoenix";

import {
  cornersTopic,
  hallTopic,
  joinHall,
  joinQuiet,
  socketOptions,
  type EverythingInput,
  type EverythingOutput,
} from "./hall.js";

// Connecting.
const socket = new Socket("/socket", socketOptions({ name: "ann" }));
// @ts-expect-error 2345
socketOptions({});
// @ts-expect-error 2322
socketOptions({ name: 7 });
// @ts-expect-error 2353
socketOptions({ name: "ann", nickname: "a" });
// @ts-expect-error 2322
socketOptions({ name: "ann", filters: { a: 1 } });
// @ts-expect-error 2345
socketOptions(() => ({ name: 7 }));

// Topics.
// @ts-expect-error 2741
hallTopic({});
// @ts-expect-error 2322
hallTopic({ hallId: "42" });
// @ts-expect-error 2561
hallTopic({ hall_id: 42 });
const day = { day: "2026-11-23", quiet: true, end: "", id: "" };
// @ts-expect-error 2322
cornersTopic({ ...day, color: "green", level: 1, kind: 1 });
// @ts-expect-error 2322
cornersTopic({ ...day, color: "red", level: 3, kind: 1 });
// @ts-expect-error 2322
cornersTopic({ ...day, color: "red", level: 1, kind: "b" });

// Joins.
// @ts-expect-error 2554
joinHall(socket, { hallId: 42 });
// @ts-expect-error 2345
joinHall(socket, { hallId: 42 }, {});
// @ts-expect-error 2322
joinHall(socket, { hallId: 42 }, { token: "ok", color: "green" });
// @ts-expect-error 2345
joinHall(socket, { hallId: 42 }, () => ({}));
// @ts-expect-error 2353
joinHall(socket, { hallId: 42 }, { token: "ok" }, { on: { posted: () => {} } });
// @ts-expect-error 2339
joinHall(socket, { hallId: 42 }, { token: "ok" }, { on: { counted: ({ body }) => body } });
// @ts-expect-error 2322
joinQuiet(socket, { anything: 1 });
const room = joinHall(socket, { hallId: 42 }, { token: "ok" });
// @ts-expect-error 18046
room.joined.then((answer) => answer.response.walls);
// @ts-expect-error 18046
room.joined.then((answer) => answer.ok || answer.reason === "ended" && answer.response.hint);
// @ts-expect-error 2367
room.joined.then((answer) => answer.ok || answer.reason === "room_full");
// @ts-expect-error 2540
room.joined.then((answer) => answer.ok && (answer.response = answer.response));

// Pushes of the client.
// @ts-expect-error 2554
room.newMsg();
// @ts-expect-error 2741
room.newMsg({});
// @ts-expect-error 2322
room.newMsg({ body: 7 });
// @ts-expect-error 2353
room.newMsg({ body: "hi", by: "me" });
// @ts-expect-error 2322
room.newMsg({ body: "hi", walls: [{ height: "3" }] });
// @ts-expect-error 2741
room.newMsg(new ArrayBuffer(1));
// @ts-expect-error 2339
room.newMessage({ body: "hi" });
// @ts-expect-error 2339
room.newMsg({ body: "hi" }).then((result) => result.ok && result.response.body);
// @ts-expect-error 18046
room.newMsg({ body: "hi" }).then((result) => result.ok || result.response.hint);
// @ts-expect-error 2339
room.typing().then(() => {});
// @ts-expect-error 18048
room.whisper({ body: "hi" }, (failure) => failure.reason === "timeout" && failure.response.hint);
// @ts-expect-error 2345
room.bytes("text");
// @ts-expect-error 2345
room.open("text");
// @ts-expect-error 2345
room.open({ at: () => {} });

// Pushes of the server.
// @ts-expect-error 2345
room.on("posted", () => {});
// @ts-expect-error 2339
room.on("counted", (item) => item.body);
// @ts-expect-error 2345
room.on("counted", (item: { text: string }) => item.text);
// @ts-expect-error 2345
joinQuiet(socket).on("anything", () => {});
// @ts-expect-error 2339
joinQuiet(socket).presence;
// @ts-expect-error 2339
room.presence.list((_, { nickname }) => nickname);
// @ts-expect-error 18048
room.presence.onJoin((_, before) => before.metas);

// Streams.
export async function streams() {
  // @ts-expect-error 2741
  for await (const item of room.count({})) item;
  // @ts-expect-error 2339
  for await (const item of room.count({ to: 3 })) item.payload.number;
  // @ts-expect-error 2367
  for await (const item of room.count({ to: 3 })) item.event === "blob";
  // @ts-expect-error 2504
  for await (const item of room.newMsg({ body: "hi" })) item;
}

// What is sent is not what is got.
declare const got: EverythingOutput;
// @ts-expect-error 2322
export const sent: EverythingInput = got;
// @ts-expect-error 2322
got.quoted = "[1]";
// @ts-expect-error 18047
got.maybe.toFixed();
// @ts-expect-error 2339
got.pet.lives;
// @ts-expect-error 2532
got.node.children[0].parent;
// @ts-expect-error 2322
got.literal = "b";
// @ts-expect-error 2445
room._call("new_msg", {}, []);
