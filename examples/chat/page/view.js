// What the page shows. Nothing here knows of sockets.

const by = (id) => document.getElementById(id);
const GROUP_MS = 5 * 60 * 1000; // messages of one author this close together read as one

export const page = {
  entry: by("entry"), notice: by("notice"), join: by("join"), name: by("name"), roomName: by("room-name"),
  refusal: by("refusal"), enter: by("enter"), entryStatus: by("entry-status"),
  room: by("room"), title: by("title"), count: by("count"), leave: by("leave"), banner: by("banner"),
  log: by("log"), empty: by("empty"), messages: by("messages"), latest: by("latest"), typing: by("typing"),
  compose: by("compose"), body: by("body"), send: by("send"),
  people: by("people"), peopleOpen: by("people-open"), peopleClose: by("people-close"), members: by("members"),
  confirm: by("confirm"), confirmTitle: by("confirm-title"),
};

/** An element with a class and its content; text is only ever text. */
function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

// The two screens

/** The way in, with what happened before as a notice and what stands in the way as a refusal. */
export function showEntry({ notice = "", refusal = "", field = page.name } = {}) {
  document.title = "Parlour";
  openPeople(false);
  if (page.confirm.open) page.confirm.close();
  page.room.hidden = true;
  page.entry.hidden = false;
  page.notice.textContent = notice;
  joining("");
  (notice ? page.notice : field).focus();
  refuse(refusal, field);
}

export function showRoom(name) {
  page.title.textContent = `#${name}`;
  document.title = `#${name} · Parlour`;
  page.messages.replaceChildren();
  page.latest.hidden = true;
  following = true;
  page.empty.hidden = false;
  page.entry.hidden = true;
  page.room.hidden = false;
  page.body.focus();
}

/** What is wrong with the form, or nothing; the field it is about gets the focus. */
export function refuse(text, field = page.name) {
  page.refusal.textContent = text;
  for (const input of [page.name, page.roomName]) input.removeAttribute("aria-invalid");
  if (!text) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** The button says what is being waited for; without words it waits for the visitor. */
export function joining(words) {
  page.enter.disabled = words !== "";
  page.enter.textContent = words || "Join room";
}

// Messages

const atTheEnd = () => page.log.scrollHeight - page.log.scrollTop - page.log.clientHeight < 80;
const toTheEnd = () => page.log.scrollTo({ top: page.log.scrollHeight });

let following = true; // whether the end is kept in sight

/** Add a line to the log; who is reading further up is told of it instead of moved. */
function append(line, { own = false } = {}) {
  page.empty.hidden = true;
  page.messages.append(line);
  if (own || following) toTheEnd();
  else page.latest.hidden = false;
  return line;
}

page.log.addEventListener("scroll", () => {
  following = atTheEnd();
  if (following) page.latest.hidden = true;
});
page.latest.addEventListener("click", () => {
  toTheEnd();
  page.body.focus();
});
const resized = new ResizeObserver(() => following && toTheEnd());
resized.observe(page.log); // a phone's keyboard comes and goes
resized.observe(page.messages);

export function addNote(text) {
  append(make("li", "note", text));
}

/** A message; the state line below it is empty once the server has it. */
export function addMessage({ id, user, body, at }, { own }) {
  const line = make("li", own ? "message own" : "message");
  const last = page.messages.lastElementChild;
  const grouped = last?.dataset.user === user && new Date(at) - new Date(last.dataset.at) < GROUP_MS;
  line.classList.toggle("first", !grouped);
  Object.assign(line.dataset, { id, user, at });
  const time = make("time");
  const byline = make("p", "byline", make("span", "author", own ? "You" : user), time);
  line.append(avatar(user), byline, make("p", "bubble", body), make("p", "state"));
  setTime(line, at);
  return append(line, { own });
}

export const shown = (id) => page.messages.querySelector(`[data-id="${id}"]`);
export const anyShown = () => page.messages.querySelector("[data-id]") !== null;

/** Where an own message stands: on its way, failed with a way to try again, or there. */
export function setState(line, text, retry) {
  const state = line.querySelector(".state");
  line.classList.toggle("failed", retry !== undefined);
  state.replaceChildren(text);
  if (!retry) return;
  const button = make("button", "", "Try again");
  button.addEventListener("click", retry);
  state.append(button);
}

export function setTime(line, at) {
  const [time, date] = [line.querySelector("time"), new Date(at)];
  const today = date.toDateString() === new Date().toDateString();
  const form = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  time.dateTime = date.toISOString();
  time.textContent = new Intl.DateTimeFormat(undefined, form).format(date);
}

/** Initials on a tint that stays with the name. */
function avatar(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  const words = name.split(" ").filter(Boolean);
  const initials = words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
  const element = make("span", `avatar tint-${sum % 6}`, initials);
  element.setAttribute("aria-hidden", "true");
  return element;
}

// People

/** Who is here; `remove` is given to a moderator only. */
export function showMembers(members, you, remove) {
  const focused = page.members.contains(document.activeElement) && document.activeElement.ariaLabel;
  page.count.textContent = String(members.length);
  page.members.replaceChildren(...members.map((member) => memberLine(member, you, remove)));
  if (!focused) return;
  const again = [...page.members.querySelectorAll("button")].find(({ ariaLabel }) => ariaLabel === focused);
  (again ?? page.people).focus();
}

function memberLine({ name, moderator }, you, remove) {
  const who = make("span", "who", make("span", "name", name === you ? `${name} (you)` : name));
  if (moderator) who.append(make("span", "role", "Moderator"));
  const line = make("li", "member", avatar(name), who);
  if (!remove || name === you) return line;
  const button = make("button", "plain", "Remove");
  button.ariaLabel = `Remove ${name}`;
  button.addEventListener("click", () => remove(name));
  line.append(button);
  return line;
}

/** On a phone the people lie over the messages, which then cannot be reached. */
export function openPeople(open) {
  if (open === page.people.classList.contains("open")) return;
  page.people.classList.toggle("open", open);
  page.peopleOpen.setAttribute("aria-expanded", String(open));
  for (const element of [page.log, page.compose, page.leave, page.peopleOpen]) element.inert = open;
  (open ? page.peopleClose : page.peopleOpen).focus();
}

page.peopleOpen.addEventListener("click", () => openPeople(true));
page.peopleClose.addEventListener("click", () => openPeople(false));
document.querySelector(".talk").addEventListener("click", () => openPeople(false));
document.addEventListener("keydown", ({ key }) => key === "Escape" && !page.confirm.open && openPeople(false));
matchMedia("(max-width: 760px)").addEventListener("change", () => openPeople(false));

/** Ask before somebody is removed. */
export async function confirmRemoval(name) {
  page.confirmTitle.textContent = `Remove ${name} from the room?`;
  page.confirm.returnValue = "";
  page.confirm.showModal();
  await new Promise((resolve) => page.confirm.addEventListener("close", resolve, { once: true }));
  return page.confirm.returnValue === "remove";
}

export function showTyping(names) {
  const [one, two] = names;
  const words = ["", `${one} is typing`, `${one} and ${two} are typing`];
  page.typing.textContent = words[names.length] ?? "Several people are typing";
}

/** The message field is as tall as its text, within its bounds. */
export function fitBody() {
  page.body.style.height = "auto";
  page.body.style.height = `${page.body.scrollHeight + 2}px`;
  page.send.disabled = page.body.value.trim() === "";
}
