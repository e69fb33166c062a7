// What a TypeScript user sees of channelkit.js: this compiles, and each marked line must not.
import { CallFailed, Presence, Refused, Socket } from "../../channelkit/js/channelkit.js";
import type { Channel, ChannelChange, SocketChange } from "../../channelkit/js/channelkit.js";

interface Accepted {
  id: string;
}

const socket = new Socket("/socket", { params: () => ({ token: "t" }), timeout: 5000 });
const stop: () => void = socket.onState(({ state, retryIn }: SocketChange) => {
  if (state === "waiting") console.log((retryIn ?? 0) / 1000);
  // @ts-expect-error  there is no such state
  if (state === "lost") stop();
});
const room: Channel = socket.channel("room:1");
room.onState(({ error }: ChannelChange) => error instanceof Refused && console.log(error.response));
room.on<Accepted>("posted", ({ id }) => id.toUpperCase());
// @ts-expect-error  an id is a string
room.on<Accepted>("posted", ({ id }) => id.toFixed());

interface Online {
  status: string;
}

const presence = new Presence<Online>(room);
presence.onChange((present) => {
  for (const [user, { metas }] of present) console.log(user, metas.map(({ status, phx_ref }) => status + phx_ref));
  // @ts-expect-error  a status is a string
  present.get("ann")?.metas[0]?.status.toFixed();
});
// @ts-expect-error  it belongs to a channel
new Presence(socket);

export async function use(): Promise<string> {
  await room.join({ name: "Ada" });
  await room.join(() => ({ name: "Ada" }));
  const accepted = await room.push<Accepted>("new_msg", { body: "hi" }, { timeout: 1000 });
  await room.push("bin", new Uint8Array([1]));
  await room.stream<Accepted>("history", { since: 1 }, ({ id }, event) => console.log(event, id.toUpperCase()));
  await room.stream("history", {}, () => undefined, { timeout: 1000 });
  const sent: boolean = room.send("typing");
  await room.leave();
  socket.close(4000, "done");
  // @ts-expect-error  a topic is a string
  socket.channel(1);
  // @ts-expect-error  a timeout is a number
  room.push("new_msg", undefined, { timeout: "1s" });
  // @ts-expect-error  a stream has a listener
  room.stream("history", {});
  // @ts-expect-error  an id is a string
  room.stream<Accepted>("history", {}, ({ id }) => id.toFixed());
  // @ts-expect-error  no such option
  new Socket("/socket", { retries: 3 });
  const failed: CallFailed = new Refused({ reason: "room_full" });
  return sent ? accepted.id : failed.reason;
}
