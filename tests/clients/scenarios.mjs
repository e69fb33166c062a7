// One conversation each. What they say is compared in test_phoenix_js.py.

const GUEST = { token: "ok", user: "ann" };
const bytes = (...values) => Uint8Array.from(values).buffer;
const told = (buffer) => [buffer.constructor.name, ...new Uint8Array(buffer)];

export async function aGrantedJoin(world) {
  const channel = world.join(world.connect(), world.topic("echo"));
  world.say({ joined: await channel.joins.next(), state: channel.state });
}

export async function refusedJoins(world) {
  const socket = world.connect();
  for (const topic of [world.topic("room"), world.topic("nowhere")]) {
    const channel = world.join(socket, topic, { token: "no" });
    world.say({ refused: await channel.refusals.next() });
    channel.leave();
  }
}

export async function pushesAndReplies(world) {
  const channel = world.join(world.connect(), `${world.topic("echo")}日本 %?&#/:x:`);
  const early = world.reply(channel, "echo", { sent: "before the join was done" });
  world.say(await early);
  world.say(await world.reply(channel, "echo", { list: [1, -2.5, null, { é: "€ 😀" }] }));
  world.say(await world.reply(channel, "async", { later: true }));
}

export async function errorReplies(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  for (const event of ["error", "error_bare", "no_such_event"]) {
    world.say(await world.reply(channel, event, {}));
  }
  world.say(channel.state);
}

export async function pushesFromTheServer(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  const pushed = world.hears(channel, "pushed");
  const reply = await world.reply(channel, "push_me", { n: 1 });
  world.say({ pushed: pushed.rest(), reply });
}

/** The second argument of a callback tells the items of one stream from all else. */
export async function streams(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  const heard = [];
  channel.on("streamed", ({ n }, ref) => heard.push([n, ref]));
  const pushes = [{ items: 3 }, { items: 1, then: "error" }].map((p) => channel.push("stream", p));
  const ends = pushes.map(
    (push) =>
      new Promise((resolve) => {
        for (const status of ["ok", "error"]) {
          push.receive(status, (response) => resolve([status, response]));
        }
      }),
  );
  world.say(await Promise.all(ends));
  world.say(pushes.map((push) => heard.filter(([, ref]) => ref === push.ref).map(([n]) => n)));
  world.say(heard.length);
}

async function twoInARoom(world) {
  const topic = world.topic("room");
  const ann = await world.joined(world.connect(), topic, GUEST);
  const bob = await world.joined(world.connect(), topic, { ...GUEST, user: "bob" });
  return [ann, bob];
}

export async function broadcasts(world) {
  const [ann, bob] = await twoInARoom(world);
  const heard = [ann, bob].map((channel) => world.hears(channel, "new_msg"));
  world.say(await world.reply(ann, "new_msg", { body: "hi" }));
  world.say(await Promise.all(heard.map((mailbox) => mailbox.next())));
}

export async function broadcastsToTheOthers(world) {
  const [ann, bob] = await twoInARoom(world);
  const heard = [ann, bob].map((channel) => world.hears(channel, "new_msg"));
  world.say(await world.reply(ann, "new_msg_from", { body: "psst" }));
  world.say({ bob: await heard[1].next(), ann: heard[0].rest() });
}

export async function binaryBothWays(world) {
  const topic = world.topic("echo");
  const channel = await world.joined(world.connect(), topic);
  const other = await world.joined(world.connect(), topic);
  const pushed = world.hears(channel, "pushed_bin");
  const broadcast = world.hears(other, "bcast_bin");
  for (const buffer of [bytes(0, 1, 255), bytes()]) {
    const [status, response] = await world.reply(channel, "bin", buffer);
    world.say({ [status]: told(response) });
  }
  world.say(await world.reply(channel, "bin_size", bytes(1, 2, 3)));
  world.say(await world.reply(channel, "push_bin", bytes(0, 254)));
  world.say({ pushed: told(await pushed.next()) });
  world.say(await world.reply(channel, "bcast_bin", bytes(253)));
  world.say({ broadcast: told(await broadcast.next()) });
}

export async function leaving(world) {
  const socket = world.connect();
  const topic = world.topic("echo");
  const channel = await world.joined(socket, topic);
  const other = await world.joined(world.connect(), topic);
  const heard = world.hears(channel, "bcast");
  socket.frames.rest();
  channel.leave(); // phoenix.js takes it for done at once: only the frames show the server's answers
  for (const _ of ["reply", "close"]) {
    const { event, payload } = await socket.frames.next();
    world.say({ event, payload });
  }
  world.say({ state: channel.state });
  await world.reply(other, "bcast", {});
  const again = await world.joined(socket, topic);
  world.say({ heard: heard.rest(), again: await world.reply(again, "echo", { n: 1 }) });
}

export async function aSecondJoin(world) {
  const socket = world.connect();
  const topic = world.topic("echo");
  const first = await world.joined(socket, topic);
  const second = await world.joined(socket, topic); // phoenix.js leaves the first one for it
  await first.closes.next();
  world.say([first.state, second.state]);
  world.say(await world.reply(second, "echo", { n: 1 }));
}

export async function aStop(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  channel.push("stop", {});
  await channel.closes.next();
  world.say({ state: channel.state, joinedAgain: channel.joins.rest() });
}

export async function aCrash(world) {
  const socket = world.connect();
  const [channel, bystander] = [
    await world.joined(socket, world.topic("echo")),
    await world.joined(socket, world.topic("echo")),
  ];
  channel.push("crash", {});
  world.say({ error: await channel.errors.next() });
  world.say({ joinedAgain: await channel.joins.next() });
  world.say(await world.reply(channel, "echo", { n: 1 }));
  world.say({ bystander: bystander.state, errors: bystander.errors.rest() });
}

export async function heartbeats(world) {
  const socket = world.connect({}, { heartbeatIntervalMs: 20 });
  for (const _ of [1, 2, 3]) {
    const { topic, event, payload } = await socket.frames.next();
    world.say({ topic, event, payload });
  }
  world.say({ connected: socket.isConnected(), closes: socket.closes.rest() });
}

export async function aSlowJoin(world) {
  const socket = world.connect({}, { heartbeatIntervalMs: 20 });
  const slow = world.join(socket, world.topic("slow"));
  const quick = await world.joined(socket, world.topic("echo"));
  await slow.joins.next();
  world.say([slow.state, quick.state]);
  world.say(await world.reply(slow, "echo", { n: 1 }));
}

/** The connection ends, `after` something; phoenix.js comes back and joins again by itself. */
async function comesBack(world, socket, channel, after) {
  await socket.opens.next();
  await after();
  const code = await socket.closes.next();
  await channel.errors.next();
  world.say({ closed: code, rejoined: (await channel.joins.next()) ?? null });
  world.say(await world.reply(channel, "echo", { n: 1 }));
}

const restarted = (how) => async (world) => {
  const socket = world.connect();
  const channel = await world.joined(socket, world.topic("echo"));
  await comesBack(world, socket, channel, async () => {
    await world.ask(how);
    await world.ask("start");
  });
};

export const aServerKilled = restarted("kill");
export const aServerTerminated = restarted("terminate");

export async function aDrainUnderTwoChannels(world) {
  const socket = world.connect();
  const channels = [
    await world.joined(socket, world.topic("echo")),
    await world.joined(socket, world.topic("room"), GUEST),
  ];
  await world.ask("terminate");
  const code = await socket.closes.next();
  await Promise.all(channels.map((channel) => channel.errors.next()));
  const late = world.reply(channels[0], "echo", { sent: "while the server was away" });
  await world.ask("start");
  await Promise.all(channels.map((channel) => channel.joins.next()));
  world.say({ closed: code, states: channels.map((channel) => channel.state) });
  world.say(await late);
  const heard = world.hears(channels[1], "new_msg");
  await world.reply(channels[1], "new_msg", { body: "back" });
  world.say(await heard.next());
}

export async function aDisconnectById(world) {
  const user = `${world.library}-${process.pid}-${Date.now()}`;
  const socket = world.connect({ user });
  const bystander = await world.joined(world.connect({ user: `not-${user}` }), world.topic("echo"));
  const channel = await world.joined(socket, world.topic("echo"));
  await comesBack(world, socket, channel, async () => {
    const closed = new Promise((resolve) => socket.onClose(() => resolve(true)));
    // An old client that is not polling just then takes the new session for its own: once more.
    do await fetch(`${world.address}/disconnect?user=${user}`);
    while (!(await Promise.race([closed, world.later(2000)])));
  });
  world.say({ bystander: bystander.state, errors: bystander.errors.rest() });
}

export async function anExpiredJoin(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  world.say(await world.reply(channel, "expire", {}));
  world.say({ closed: await channel.closes.next(), state: channel.state, again: channel.joins.rest() });
}

export async function anExpiredSocket(world) {
  let asked = 0;
  const params = () => ({ user: `asked-${++asked}` });
  const socket = world.connect(params);
  const channel = await world.joined(socket, world.topic("echo"));
  await comesBack(world, socket, channel, () => channel.push("expire_socket", {}));
  world.say({ fresh: asked > 1 });
}

export async function aRefusedConnect(world) {
  const socket = world.connect({ token: "deny" });
  world.say({ error: await socket.errors.next(), opens: socket.opens.rest() });
}

export async function anAuthToken(world) {
  const socket = world.connect({}, { authToken: "secret/with+signs" });
  const channel = await world.joined(socket, world.topic("echo"));
  world.say({ state: channel.state, subprotocol: socket.conn.protocol });
}

// Long-poll.

export async function rapidSends(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  const numbers = [...Array(150).keys()];
  const replied = [];
  await Promise.all(numbers.map(async (n) => replied.push((await world.reply(channel, "echo", { n }))[1].n)));
  const inOrder = replied.every((n, index) => n === index);
  world.say({ replies: new Set(replied).size, inOrder });
}

export async function binaryUpwards(world) {
  const channel = await world.joined(world.connect(), world.topic("echo"));
  world.say(await world.reply(channel, "bin_size", bytes(1, 2, 3)));
  world.say(await world.reply(channel, "bin", bytes(1, 2, 3)));
}

export async function aSessionThatIsGone(world) {
  const user = `${world.library}-${process.pid}-${Date.now()}`;
  const socket = world.connect({ user });
  const channel = await world.joined(socket, world.topic("echo"));
  await socket.opens.next();
  const { conn } = socket;
  conn.token = `${conn.token.slice(0, -4)}AAAA`; // as if it slept for longer than sessions last
  channel.push("echo", {}); // nobody answers it
  world.say({ closed: await socket.closes.next(), rejoined: await channel.joins.next() });
  world.say(await world.reply(channel, "echo", { n: 1 }));
}

export async function aPollerLetIn(world) {
  const socket = world.connect({}, { authToken: "secret/with+signs" });
  const channel = await world.joined(socket, world.topic("echo"));
  world.say({ state: channel.state, polls: socket.conn instanceof world.transport });
}

/** No WebSocket gets through: each stays silent for ever, as behind some proxies. */
class Blocked {
  readyState = 0;
  close() {
    this.onclose?.({ code: 1006, wasClean: false });
  }
}

export async function aFallback(world) {
  const socket = world.connect({}, { transport: Blocked, longPollFallbackMs: 50 });
  const channel = await world.joined(socket, world.topic("echo"));
  world.say(await world.reply(channel, "echo", { n: 1 }));
  world.say({ polls: socket.conn instanceof world.transport });
}
