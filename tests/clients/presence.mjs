// Who is here, as phoenix.js keeps it. What these say is compared in test_presence.py.

const guest = (user) => ({ token: "ok", user });

/** A member of a room, watching who is here. */
async function member(world, topic, user, socket = world.connect()) {
  const channel = socket.channel(topic, guest(user));
  const presence = world.presence(channel);
  const joined = new Promise((resolve) => channel.join().receive("ok", resolve));
  await joined;
  await presence.syncs.next();
  return { socket, channel, presence };
}

/** The list, once it is as wanted; what it is instead, if that never comes, is in the failure. */
async function sees({ presence }, wanted) {
  const text = JSON.stringify(wanted);
  while (JSON.stringify(presence.list()) !== text) {
    presence.wanted = text;
    await presence.syncs.next();
  }
  return presence.list();
}

const ONLINE = ["online"];

export async function twoUsers(world) {
  const topic = world.topic("room");
  const ann = await member(world, topic, "ann");
  world.say(await sees(ann, { ann: ONLINE }));
  const bob = await member(world, topic, "bob");
  world.say(await sees(ann, { ann: ONLINE, bob: ONLINE }));
  world.say(await sees(bob, { ann: ONLINE, bob: ONLINE }));
}

export async function ownDiffAfterTheState(world) {
  const { socket, channel, presence } = await member(world, world.topic("room"), "ann");
  while (presence.events.length < 2) await presence.syncs.next();
  world.say({ events: presence.events, list: presence.list() });
  world.say({ channel: channel.state, connected: socket.isConnected() });
}

export async function severalMetas(world) {
  const topic = world.topic("room");
  const bob = await member(world, topic, "bob");
  const phone = await member(world, topic, "ann");
  const laptop = await member(world, topic, "ann");
  world.say(await sees(bob, { ann: ["online", "online"], bob: ONLINE }));
  await world.reply(laptop.channel, "set_status", { status: "away" });
  world.say(await sees(bob, { ann: ["away", "online"], bob: ONLINE }));
  phone.channel.leave();
  world.say(await sees(bob, { ann: ["away"], bob: ONLINE }));
  laptop.channel.leave();
  world.say(await sees(bob, { bob: ONLINE }));
}

export async function updates(world) {
  const topic = world.topic("room");
  const [ann, bob] = [await member(world, topic, "ann"), await member(world, topic, "bob")];
  for (const status of ["away", "busy", "back"]) {
    world.reply(ann.channel, "set_status", { status });
  }
  world.say(await sees(bob, { ann: ["back"], bob: ONLINE }));
  world.say(await sees(ann, { ann: ["back"], bob: ONLINE }));
}

export async function aDrop(world) {
  const topic = world.topic("room");
  const [ann, bob] = [await member(world, topic, "ann"), await member(world, topic, "bob")];
  await sees(ann, { ann: ONLINE, bob: ONLINE });
  const stays = bob.socket.reconnectTimer;
  stays.scheduleTimeout = () => {}; // it does not come back
  bob.socket.conn.terminate();
  world.say(await sees(ann, { ann: ONLINE }));
}

export async function comingBack(world) {
  const topic = world.topic("room");
  const [ann, bob] = [await member(world, topic, "ann"), await member(world, topic, "bob")];
  await sees(ann, { ann: ONLINE, bob: ONLINE });
  const left = ann.presence.leaves;
  bob.socket.conn.terminate(); // phoenix.js connects and joins again by itself
  world.say({ left: await left.next() });
  world.say(await sees(ann, { ann: ONLINE, bob: ONLINE }));
  world.say(await sees(bob, { ann: ONLINE, bob: ONLINE }));
}

export async function aCrowd(world) {
  const topic = world.topic("room");
  const users = [...Array(30).keys()].map((number) => `user${number}`);
  const members = await Promise.all(users.map((user) => member(world, topic, user)));
  const all = Object.fromEntries([...users].sort().map((user) => [user, ONLINE]));
  for (const each of members) await sees(each, all);
  world.say(Object.keys(members.at(0).presence.list()).length);
  for (const { channel } of members.slice(1)) channel.leave();
  world.say(await sees(members[0], { user0: ONLINE }));
}

export async function oddKeys(world) {
  const topic = world.topic("room");
  const ann = await member(world, topic, "日本 ünï");
  await member(world, topic, 42);
  world.say(await sees(ann, { 42: ONLINE, "日本 ünï": ONLINE }));
}

export async function hostileKeys(world) {
  const topic = world.topic("room");
  const ann = await member(world, topic, "__proto__");
  await member(world, topic, "constructor");
  const keys = () => ann.presence.keys().sort().join();
  while (keys() !== "__proto__,constructor") await ann.presence.syncs.next();
  world.say(keys());
}

export async function aDiffBeforeTheState(world) {
  const topic = world.topic("den");
  const ann = await member(world, topic, "ann");
  const bob = await member(world, topic, "bob"); // his diff is fetched sooner than his state
  world.say({ first: bob.presence.events[0] });
  world.say(await sees(bob, { ann: ONLINE, bob: ONLINE }));
  world.say(await sees(ann, { ann: ONLINE, bob: ONLINE }));
  world.say(bob.presence.names());
}
