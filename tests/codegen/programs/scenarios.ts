// What the generated module does in node, against tests/codegen/app.py: `node scenarios.js ADDRESS NAME TRANSPORT`
// prints what happens, each thing one line of JSON.
import { createRequire } from "node:module";

import { LongPoll, Socket } from "phoenix";

import {
  type ConnectParams,
  PATH,
  StreamBroken,
  cornersTopic,
  hallTopic,
  joinHall,
  joinQuiet,
  socketOptions,
} from "./hall.js";

const [, , address = "", name = "", transportName = ""] = process.argv;
const { WebSocket } = createRequire(import.meta.url)("ws");
const transport = transportName === "longpoll" ? LongPoll : WebSocket;
const SOON = 20; // milliseconds: how soon phoenix.js is to try again

const say = (thing: unknown) => console.log(JSON.stringify(thing, withBytes));
const withBytes = (_: string, value: unknown) =>
  value instanceof ArrayBuffer ? { bytes: [...new Uint8Array(value)] } : value;

function open(params: ConnectParams | (() => ConnectParams) = { name: "ann" }): Socket {
  const quick = { reconnectAfterMs: () => SOON, rejoinAfterMs: () => SOON, transport };
  return new Socket(`${address}${PATH}`, socketOptions(params, quick));
}

function connected(params?: ConnectParams): Socket {
  const socket = open(params);
  socket.connect();
  return socket;
}

/** Something that will be there once. */
function next<T>(subscribe: (callback: (thing: T) => void) => () => void): Promise<T> {
  return new Promise((resolve) => {
    const end = subscribe((thing) => {
      queueMicrotask(() => end());
      resolve(thing);
    });
  });
}

async function hall(token = "ok", params?: ConnectParams) {
  const room = joinHall(connected(params), { hallId: 42 }, { token });
  const answer = await room.joined;
  if (!answer.ok) throw new Error(`not let in: ${answer.reason}`);
  return room;
}

const scenarios: Record<string, () => Promise<void>> = {
  async joins() {
    const heard: unknown[] = [];
    const room = joinHall(connected(), { hallId: 42 }, { token: "ok" }, {
      on: { "room:posted": (post) => heard.push(post.body) },
    });
    room.on("room:posted", ({ user }) => heard.push(user));
    const answer = await room.joined;
    say(answer.ok ? [answer.response.name, answer.response.walls] : answer.reason);
    while (heard.length < 2) await next((call) => room.on("room:posted", call));
    say(heard);
    say(room.topic);
  },

  async refused() {
    const room = joinHall(connected(), { hallId: 42 }, { token: "wrong" });
    const answer = await room.joined;
    if (answer.ok) return;
    say(answer.reason === "wrong_token" ? answer.response.hint : answer.reason);
    let tries = 0;
    await next((call) => room.onJoin(() => ++tries === 2 && call(undefined)));
    await room.leave();
    say(tries);
  },

  async letInLater() {
    const tokens = ["wrong", "ok"];
    const room = joinHall(connected(), { hallId: 1 }, () => ({ token: tokens.shift() ?? "none" }));
    say((await room.joined).ok);
    say((await next(room.onJoin.bind(room))).ok);
  },

  async replies() {
    const room = await hall();
    say(await room.newMsg({ body: "hi", walls: [{}, { height: 2 }] }));
    for (const body of ["refuse", "bare", "forbid", ""]) say(await room.newMsg({ body }));
  },

  async failures() {
    const room = await hall("ok", { name: "bob", pin: undefined, filters: { a: "1" } });
    say(await room.close());
    say(await room.perhaps({}, 50));
    const [crashed, lost] = [room.newMsg({ body: "crash" }), room.newMsg({ body: "hi" })];
    say(await crashed);
    say(await lost);
  },

  async silence() {
    const [ann, bob] = [await hall(), await hall("ok", { name: "bob" })];
    const heard = next((call) => bob.on("room:posted", (post) => post.user === "ann" && call(post)));
    ann.typing();
    say(await heard);
    say(await new Promise((resolve) => ann.whisper({ body: "refuse" }, resolve)));
    say(await new Promise((resolve) => ann.whisper({ body: "" }, resolve)));
  },

  async streams() {
    const room = await hall();
    const other: unknown[] = [];
    room.on("counted", (item) => other.push(item));
    for await (const item of room.count({ to: 4 })) {
      say(item.event === "counted" ? item.payload.number : item.payload.body);
    }
    say({ other });

    const broken = room.count({ to: 2 });
    try {
      for await (const item of broken) say(item);
    } catch (error) {
      say(error instanceof StreamBroken ? [error.message, error.failure] : "another error");
    }
    const end = await broken.end;
    say(!end.ok && end.reason === "wrong_token" ? end.response.hint : end);

    for await (const _ of room.count({ to: 4 })) break;
    const crashed = room.count({ to: 3 });
    say((await crashed.end).ok);
  },

  async bytes() {
    const room = await hall();
    say(await room.bytes(new Uint8Array([0, 1, 2, 255]).subarray(1)));
    say(await room.bytes(new Uint8Array([7]).buffer));
    say(await room.bytes());
    const pushed = next((call) => room.on("blob", call));
    say(await room.open({ any: ["thing", null] }));
    say(await pushed);
    say(await joinQuiet(connected(), new Uint8Array([1])).joined);
  },

  async presence() {
    const room = joinHall(connected(), { hallId: 7 }, { token: "ok" });
    await next<void>((call) => room.presence.onSync(call));
    say(room.presence.list((key, { metas, full_name }) => [key, full_name, metas.map((meta) => meta.status)]));
    const joined = next<[string, boolean]>((call) =>
      // Its own diff may come after the state, and adds nothing to it.
      room.presence.onJoin((key, before) => key === "bob" && call([key, before === undefined])),
    );
    const other = joinHall(connected({ name: "bob" }), { hallId: 7 }, { token: "ok" });
    say(await joined);
    say(room.presence.list().map((entry) => entry.metas.length));
    const left = next<[string, number]>((call) =>
      room.presence.onLeave((key, after) => call([key, after.metas.length])),
    );
    await other.joined;
    await other.leave();
    say(await left);
  },

  async comesBack() {
    const room = await hall();
    const again = next(room.onJoin.bind(room));
    const lost = room.newMsg({ body: "hi" }).then(() => room.close());
    say((await lost).ok);
    const answer = await again;
    say(answer.ok && answer.response.name);
    say(await room.newMsg({ body: "back" }));
  },

  async losesTheConnection() {
    const room = await hall();
    const waiting = room.perhaps();
    room.typing({}, (failure) => say({ never: failure }));
    const closed = room.close();
    say([(await closed).ok, await waiting]);
  },

  async neverConnects() {
    const room = joinHall(connected({ name: "" }), { hallId: 1 }, { token: "ok" });
    say(await room.joined);
  },

  async leaves() {
    const room = await hall();
    const waiting = room.perhaps();
    await room.leave();
    say(await waiting);
    say(await room.newMsg({ body: "too late" }));
    say(await room.count({ to: 1 }).end);
    const stopped = await hall();
    const over = stopped.perhaps();
    say(await stopped.stop());
    say(await over);
  },

  async topics() {
    const day = "2026-11-23";
    const id = "6F9619FF-8B86-D011-B42D-00CF4FC964FF";
    say(hallTopic({ hallId: -3 }));
    say(hallTopic({ hallId: 2n ** 70n }));
    say(cornersTopic({ color: "red", level: 2, kind: 1, id, day, quiet: false, end: "a:b\n" }));
    say(cornersTopic({ color: "blue", level: 1, kind: "a", id, day, quiet: true, end: "" }));
    const wrong = [
      () => hallTopic({ hallId: 0.5 }),
      () => hallTopic({ hallId: 2 ** 53 }),
      () => cornersTopic({ color: "red", level: 2, kind: 1, id: "7", day, quiet: false, end: "" }),
      () => cornersTopic({ color: "red", level: 2, kind: 1, id, day: "today", quiet: false, end: "" }),
      () => cornersTopic({ color: "r:d" as "red", level: 2, kind: 1, id, day, quiet: false, end: "" }),
    ];
    for (const build of wrong) {
      try {
        say(build());
      } catch (error) {
        say([(error as Error).name, (error as Error).message]);
      }
    }
  },
};

await scenarios[name]?.();
process.exit(0); // sockets go on trying
