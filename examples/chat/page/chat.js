// The chat: one socket, at most one room, and what its visitor does.
import { Presence, Refused, Socket } from "./channelkit.js";
import * as view from "./view.js";
import { page } from "./view.js";

const TYPING_EVERY = 2000;
const TYPING_LASTS = 4000;
const MODERATOR_ONLY = "Only the moderator can do that.";

/** What a refusal means to the visitor. Others are the server's own, and pass. */
const REFUSALS = {
  name_taken: ({ name }) => `Somebody here is called ${name} already. Choose another name.`,
  room_full: ({ limit }) => `This room is full: it has ${limit} seats.`,
  "invalid payload": () => "A name starts with a letter or digit and has no special characters.",
  "unmatched topic": () => "A room’s name cannot be that long.",
};

const ABOUT_THE_ROOM = new Set(["room_full", "unmatched topic"]);

const socket = new Socket("/socket", { params: { visitor: remembered("visitor", newId()) } });
let typedAt = 0; // when the others were last told that this visitor is typing
let here = null; // the visit to a room, from the wish to its end; `mine` are messages not yet accepted

// In and out

async function enter(name, room) {
  view.joining(socket.state === "open" ? "Joining…" : "Connecting…");
  await socket.channel(`room:${room}`).leave(); // an earlier visit may still be on its way out
  const channel = socket.channel(`room:${room}`);
  const visit = { channel, room, name, joined: false, removed: null, typing: new Map(), mine: new Map(), unread: 0 };
  here = visit;
  const listen = (event, listener) => channel.on(event, (payload) => visit === here && listener(payload));
  listen("posted", posted);
  listen("typing", ({ name }) => types(name));
  listen("arrived", ({ name }) => view.addNote(`${name} joined`));
  listen("departed", departed);
  listen("removed", (removed) => Object.assign(visit, { removed }));
  new Presence(channel).onChange((present) => visit === here && showMembers(present));
  channel.onState((change) => visit === here && changed(change));
  channel.join({ name }).catch((error) => visit === here && refused(error));
}

function changed({ state, response, error }) {
  if (state === "joined") welcomed(response);
  if (state === "errored" && error instanceof Refused && REFUSALS[error.reason]) refused(error);
  else if (state === "errored" && socket.state === "open") banner("The room is away for a moment. Coming back…");
  if (state === "closed" && here.joined) ended();
}

function welcomed({ you, history }) {
  if (!here.joined) view.showRoom(here.room);
  const missed = here.joined && view.anyShown() && history.length > 0 && !history.some(({ id }) => view.shown(id));
  if (missed) view.addNote("You may have missed messages");
  Object.assign(here, { name: you, joined: true });
  for (const message of history) posted(message, { quiet: true });
  for (const message of here.mine.values()) deliver(message);
  banner("");
  sessionStorage.setItem("in", you);
}

/** Back to the entry, with the reason as the visitor should read it. */
function refused(error) {
  const say = error instanceof Refused ? REFUSALS[error.reason] : undefined;
  const refusal = say ? say(error.response) : "The room did not let you in. Please try again.";
  out({ refusal, field: ABOUT_THE_ROOM.has(error.reason) ? page.roomName : page.name });
}

function ended() {
  const { removed, room } = here;
  if (removed?.by) out({ notice: `${removed.by} removed you from #${room}.` });
  else if (removed) out({ notice: "You came in from another window, so this one has left." });
  else out({ notice: `#${room} was closed.` });
}

function out(why) {
  const { channel } = here;
  here = null;
  channel.leave();
  sessionStorage.removeItem("in");
  banner("");
  view.showEntry(why);
  connection(socket.state);
}

// What others do

function posted(message, { quiet = false } = {}) {
  typesNoMore(message.user);
  const line = view.shown(message.id);
  if (line) return accepted(message.id, message.at);
  view.addMessage(message, { own: message.user === here.name });
  if (document.hidden && !quiet) unread(here.unread + 1);
}

function departed({ name, removed_by: remover }) {
  typesNoMore(name);
  view.addNote(remover ? `${remover} removed ${name}` : `${name} left`);
}

function types(name) {
  const visit = here;
  typesNoMore(name);
  visit.typing.set(name, setTimeout(() => visit === here && typesNoMore(name), TYPING_LASTS));
  view.showTyping([...visit.typing.keys()]);
}

function typesNoMore(name) {
  clearTimeout(here.typing.get(name));
  here.typing.delete(name);
  view.showTyping([...here.typing.keys()]);
}

/** The lowest seat is the moderator's. One whose connection changes has two metas for a moment. */
function showMembers(present) {
  const seats = [...present].map(([name, { metas }]) => ({ name, seat: Math.min(...metas.map(({ seat }) => seat)) }));
  const members = seats.sort((one, other) => one.seat - other.seat).map(({ name }, index) => ({ name, moderator: index === 0 }));
  const { moderator } = members.find(({ name }) => name === here.name) ?? { moderator: false };
  view.showMembers(members, here.name, moderator ? remove : null);
}

function unread(count) {
  here.unread = count;
  document.title = `${count ? `(${count}) ` : ""}#${here.room} · Parlour`;
}

// What the visitor does

function say(body) {
  const message = { id: newId(), user: here.name, body, at: new Date().toISOString() };
  here.mine.set(message.id, message);
  view.addMessage(message, { own: true });
  deliver(message);
}

/** The id makes it safe to send a message again: the server says it once. */
async function deliver({ id, body }) {
  const { channel, mine } = here;
  if (channel.state !== "joined") return view.setState(view.shown(id), "Waiting for the connection…");
  view.setState(view.shown(id), "Sending…");
  try {
    const { at } = await channel.push("new_msg", { id, body });
    if (mine === here?.mine) accepted(id, at);
  } catch (error) {
    if (mine !== here?.mine || error.reason === "disconnected") return; // sent again when joined again
    mine.delete(id);
    const retry = () => {
      here.mine.set(id, { id, body });
      deliver({ id, body });
    };
    view.setState(view.shown(id), "Not sent.", retry);
  }
}

function accepted(id, at) {
  here.mine.delete(id);
  view.setState(view.shown(id), "");
  view.setTime(view.shown(id), at);
}

async function remove(name) {
  if (!(await view.confirmRemoval(name)) || !here) return;
  try {
    await here.channel.push("kick", { name });
  } catch ({ reason }) {
    view.addNote(reason === "forbidden" ? MODERATOR_ONLY : `${name} could not be removed.`);
  }
}

page.join.addEventListener("submit", (event) => {
  event.preventDefault();
  const [name, room] = [page.name.value.trim(), roomName(page.roomName.value)];
  page.roomName.value = room;
  page.notice.textContent = "";
  if (!name) return view.refuse("Please enter your name.", page.name);
  if (!room) return view.refuse("Please enter a room.", page.roomName);
  view.refuse("");
  localStorage.setItem("name", name);
  history.replaceState(null, "", `#${encodeURIComponent(room)}`);
  enter(name, room);
});

page.leave.addEventListener("click", () => out({}));

page.compose.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = page.body.value.trim();
  if (body) say(body);
  page.body.value = "";
  typedAt = 0;
  view.fitBody();
  page.body.focus();
});

page.body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  page.compose.requestSubmit();
});

page.body.addEventListener("input", () => {
  view.fitBody();
  if (Date.now() - typedAt < TYPING_EVERY || !page.body.value.trim()) return;
  if (here?.channel.send("typing")) typedAt = Date.now();
});

document.addEventListener("visibilitychange", () => !document.hidden && here?.joined && unread(0));

addEventListener("hashchange", () => {
  const room = roomName(location.hash.slice(1));
  if (!room || room === here?.room) return;
  page.roomName.value = room;
  if (!here?.joined) return;
  const { name } = here;
  out({});
  enter(name, room);
});

// The connection

const banner = (text) => (page.banner.textContent === text) || (page.banner.textContent = text);

function connection(state, retryIn = 0) {
  const away = navigator.onLine ? "Can’t reach the server. Trying again…" : "You are offline.";
  const entry = { waiting: away, closed: "The server has closed the connection. Reload to come back." };
  if (state !== "connecting") page.entryStatus.textContent = entry[state] ?? "";
  if (here && !here.joined) view.joining(state === "open" ? "Joining…" : "Connecting…");
  if (!here?.joined || state === "open" || state === "connecting") return;
  const patient = retryIn > 1500 ? "Still no connection. Trying again every few seconds…" : "Connection lost. Reconnecting…";
  banner(state === "closed" ? entry.closed : navigator.onLine ? patient : "You are offline. Waiting for the network…");
}

socket.onState(({ state, retryIn }) => connection(state, retryIn));

// Small things

/** The room's name as it may stand in a topic and in an address. */
function roomName(text) {
  let name = text;
  try {
    name = decodeURIComponent(text);
  } catch {
    // a lone % in it: taken as written
  }
  return name.trim().replace(/^#+/, "").replace(/[\s:#]+/g, "-").toLowerCase().slice(0, 40);
}

/** 32 hex digits. Not randomUUID: a phone on http://192.168.… has none. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function remembered(key, value) {
  if (!sessionStorage.getItem(key)) sessionStorage.setItem(key, value);
  return sessionStorage.getItem(key);
}

const wasIn = sessionStorage.getItem("in"); // before a reload of this tab
page.name.value = wasIn ?? localStorage.getItem("name") ?? "";
page.roomName.value = roomName(location.hash.slice(1)) || "lobby";
view.fitBody();
socket.connect();
if (wasIn) enter(wasIn, page.roomName.value);
else (page.name.value ? page.roomName : page.name).focus();
