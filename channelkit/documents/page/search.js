// The search: over channels, events, pushes, fields, refusals and types, made from the page itself.
export {};

const MOST = 40;

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} kind
 * @property {string} where what it is a part of
 * @property {string} about its first sentence
 * @property {Element} place where it stands
 * @property {string} address what the location shows for it
 */

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind */
function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${id}`);
  return found;
}
const dialog = byId("search", HTMLDialogElement);
const query = byId("query", HTMLInputElement);
const list = byId("found", HTMLUListElement);
const count = byId("count", HTMLElement);

/** @param {Element | null} element */
const textOf = (element) => element?.textContent?.trim() ?? "";

/** @type {[string, string][]} what can be found within an article, and what it is called */
const KINDS = [
  ["data-field", "field"],
  ["data-refusal", "refusal"],
  ["data-parameter", "parameter"],
];
const PARTS = "[data-join],[data-event],[data-push],[data-presence],[data-connect],[data-type]";

/** @returns {Entry[]} */
function index() {
  /** @type {Entry[]} */
  const entries = [];
  for (const chapter of document.querySelectorAll("section.chapter")) {
    const where = chapter.getAttribute("data-channel") ?? chapter.getAttribute("data-endpoint") ?? "";
    const kind = chapter.hasAttribute("data-channel") ? "channel" : "page";
    const name = kind === "channel" ? where : textOf(chapter.querySelector("h2"));
    const about = textOf(chapter.querySelector("h2 ~ p"));
    entries.push({ name, kind, where: "", about, place: chapter, address: chapter.id });
    entries.push(...within(chapter, chapter.querySelector(":scope > header") ?? chapter, where, chapter.id));
    for (const part of chapter.querySelectorAll(PARTS)) {
      const entry = article(part, where);
      entries.push(entry);
      const path = [where, entry.name].filter(Boolean).join(" › ");
      entries.push(...within(part, part, path, part.id));
    }
  }
  return entries;
}

/**
 * @param {Element} part
 * @param {string} where
 * @returns {Entry}
 */
function article(part, where) {
  const title = part.querySelector("h3 a, h4 a");
  const [name, kind] =
    [
      [part.getAttribute("data-event"), "event"],
      [part.getAttribute("data-push"), "push"],
      [part.getAttribute("data-type"), "type"],
    ].find(([found]) => found) ?? [textOf(title) || "Connect", "page"];
  const about = textOf(part.querySelector(".words > p"));
  return { name: name ?? "", kind: kind ?? "", where, about, place: part, address: part.id };
}

/**
 * @param {Element} owner
 * @param {Element} element
 * @param {string} where
 * @param {string} address
 */
function* within(owner, element, where, address) {
  for (const [mark, kind] of KINDS) {
    for (const place of element.querySelectorAll(`[${mark}]`)) {
      if (place.closest(PARTS) !== (owner.matches(PARTS) ? owner : null)) continue;
      const name = place.getAttribute(mark) ?? "";
      yield { name, kind, where, about: textOf(place.querySelector(":scope > .head + p")), place, address };
    }
  }
}

/**
 * How well an entry fits, the less the better; none of its words may be missing.
 * @param {Entry} entry
 * @param {string[]} words
 */
function rank({ name, where, about, kind }, words) {
  const [title, rest] = [name.toLowerCase(), `${where} ${kind} ${about}`.toLowerCase()];
  let sum = kind === "field" ? 1 : 0;
  for (const word of words) {
    const at = title.indexOf(word);
    if (title === word) sum += 0;
    else if (at === 0) sum += 2;
    else if (at > 0) sum += /\w/.test(title[at - 1] ?? "") ? 5 : 3;
    else if (rest.includes(word)) sum += 8;
    else return Infinity;
  }
  return sum;
}

/** @type {Entry[] | undefined} */
let entries;
/** @type {Entry[]} */
let found = [];
let at = -1;

function look() {
  entries ??= index();
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const ranked = entries.map((entry) => ({ entry, rank: words.length ? rank(entry, words) : 0 }));
  const all = words.length
    ? ranked.filter(({ rank }) => rank < Infinity).sort((a, b) => a.rank - b.rank)
    : ranked.filter(({ entry }) => entry.kind === "channel" || entry.kind === "page");
  found = all.slice(0, MOST).map(({ entry }) => entry);
  list.replaceChildren(...found.map((entry, place) => option(entry, place, words)));
  query.ariaExpanded = String(found.length > 0);
  count.textContent = told(all.length, words.length > 0);
  select(found.length ? 0 : -1);
}

/**
 * @param {number} all
 * @param {boolean} asked
 */
function told(all, asked) {
  if (!asked) return "Type to search. ↑ ↓ to move, Enter to open.";
  if (!all) return `Nothing is called “${query.value.trim()}”.`;
  return all > MOST ? `${MOST} of ${all} shown.` : `${all} found.`;
}

/**
 * @param {Entry} entry
 * @param {number} place
 * @param {string[]} words
 */
function option(entry, place, words) {
  const [item, name, kind] = [make("li"), make("b"), make("small", entry.kind)];
  item.role = "option";
  item.id = `found-${place}`;
  name.append(...marked(entry.name, words));
  const about = [entry.where, entry.about].filter(Boolean).join(" — ");
  item.append(name, kind, ...(about ? [make("span", about)] : []));
  return item;
}

/**
 * @param {string} name
 * @param {string} [text]
 */
function make(name, text) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  return element;
}

/**
 * The text with the words marked in it.
 * @param {string} text
 * @param {string[]} words
 */
function* marked(text, words) {
  const plain = text.toLowerCase();
  let last = 0;
  while (last < text.length && plain.length === text.length) {
    const next = words
      .map((word) => ({ from: plain.indexOf(word, last), length: word.length }))
      .filter(({ from }) => from >= 0)
      .sort((a, b) => a.from - b.from || b.length - a.length)[0];
    if (!next) break;
    yield text.slice(last, next.from);
    last = next.from + next.length;
    yield make("mark", text.slice(next.from, last));
  }
  yield text.slice(last);
}

/** @param {number} next */
function select(next) {
  list.children[at]?.setAttribute("aria-selected", "false");
  at = next;
  const item = list.children[at];
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
  if (item) query.setAttribute("aria-activedescendant", item.id);
  else query.removeAttribute("aria-activedescendant");
}

/** @param {Entry | undefined} entry */
function go(entry) {
  if (!entry) return;
  dialog.close();
  location.hash = entry.address;
  for (let box = entry.place.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
  entry.place.scrollIntoView({ block: "start" });
  const place = entry.place;
  if (place instanceof HTMLElement) {
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  query.select();
  look();
}

byId("find", HTMLButtonElement).addEventListener("click", open);
query.addEventListener("input", look);
query.addEventListener("keydown", (event) => {
  const moves = new Map([
    ["ArrowDown", at + 1 === found.length ? 0 : at + 1],
    ["ArrowUp", at <= 0 ? found.length - 1 : at - 1],
  ]);
  const to = moves.get(event.key);
  if (event.key === "Enter") go(found[at]);
  else if (to === undefined) return;
  else select(found.length ? to : -1);
  event.preventDefault();
});
list.addEventListener("click", ({ target }) => {
  const item = target instanceof Element ? target.closest("[role=option]") : null;
  if (item) go(found[[...list.children].indexOf(item)]);
});
dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!slash && !(event.key === "k" && (event.ctrlKey || event.metaKey))) return;
  event.preventDefault();
  open();
});
