// @ts-check
/** Makes the page a console: a session for each endpoint, a form in each article, the dock. */
import { Desk } from "./desk.js";
import { Dock } from "./dock.js";
import { button, h } from "./dom.js";
import { Memory, tabStore } from "./memory.js";
import { Session } from "./session.js";
import { connectStep, eventStep, joinStep, presenceStep, pushStep } from "./steps.js";

/** @typedef {import("./contract.js").Contract} Contract */
/** @typedef {import("./desk.js").Samples} Samples */
/** @typedef {import("./session.js").Denial} Denial */

/** What stands in a script element of the page. @param {string} id @returns {any} */
function embedded(id) {
  return JSON.parse(document.getElementById(id)?.textContent || "null");
}

const element = document.getElementById("console");
if (element) start(element);

/** @param {HTMLElement} element */
function start(element) {
  /** @type {Contract} */ const contract = embedded("contract");
  /** @type {Record<string, Samples>} */ const samples = embedded("samples") ?? {};
  const { mount } = element.dataset;
  const memory = new Memory(tabStore(), `channelkit ${location.pathname} `);
  const status = h("p", { class: "ck-unseen", role: "status" });
  const say = (/** @type {string} */ text) => void (text && (status.textContent = text));
  document.body.append(status);
  const desks = contract.endpoints.map((endpoint) => {
    const session = new Session({ why: mount === undefined ? undefined : why });
    return new Desk({ endpoint, schemas: contract.schemas, samples: samples[endpoint.path] ?? {}, session, memory, page: location.href, mount, say, write: mount === undefined ? undefined : write });
  });
  if (desks.length === 0) return;
  for (const desk of desks) fillSlots(desk);
  const dock = new Dock(element, desks, memory);
  if (mount !== undefined) for (const desk of desks) desk.session.on("link", () => desk.session.link.state === "open" && void compare(contract, dock));
  addEventListener("keydown", (event) => shortcut(event, dock));
}

/** The page's own address on the server, whatever stands before it. */
function here() {
  return location.pathname.replace(/\/+$/, "");
}

/** A WebSocket's refusal, asked for again in a way that a page may read. @param {string} url @returns {Promise<Denial | null>} */
async function why(url) {
  const { search } = new URL(url);
  const answer = await fetch(`${here()}/why`, { method: "POST", referrerPolicy: "same-origin", body: JSON.stringify({ path: endpointPath(url), query: search.slice(1) }) });
  return answer.ok ? answer.json() : null;
}

/** A step as code. @type {import("./copying.js").Write} */
async function write(step) {
  const answer = await fetch(`${here()}/code`, { method: "POST", body: JSON.stringify(step) });
  return answer.ok ? answer.json() : [];
}

/** The socket's path as the server knows it. @param {string} url */
function endpointPath(url) {
  const mount = document.getElementById("console")?.dataset.mount ?? "";
  const prefix = here().endsWith(mount) ? here().slice(0, here().length - mount.length) : "";
  return decodeURIComponent(new URL(url).pathname.slice(prefix.length));
}

/** After a reload of the server: is this page still about the same contract? @param {Contract} contract @param {Dock} dock */
async function compare({ fingerprint }, dock) {
  const answer = await fetch(`${here()}/contract.json`, { cache: "no-store" }).catch(() => null);
  const now = answer?.ok ? await answer.json() : null;
  if (!now || now.fingerprint === fingerprint) return dock.notice();
  dock.notice("The contract has changed since this page was loaded. ", button("Reload the page", () => location.reload(), { class: "ck-button ck-small ck-main" }));
}

/** @param {Desk} desk */
function fillSlots(desk) {
  const { endpoint } = desk;
  for (const slot of document.querySelectorAll("[data-console-slot]")) {
    if (slot.closest("[data-endpoint]")?.getAttribute("data-endpoint") !== endpoint.path) continue;
    const article = slot.closest("article");
    const section = slot.closest("[data-channel]");
    const channel = endpoint.channels.find(({ pattern }) => pattern === section?.getAttribute("data-channel"));
    slot.classList.add("ck-slot");
    if (article?.hasAttribute("data-connect")) connectStep(slot, desk);
    else if (channel && article) fillChannelSlot(slot, desk, channel, article, section?.querySelector("[data-join]")?.id ?? "");
  }
}

/** @param {Element} slot @param {Desk} desk @param {import("./contract.js").Channel} channel @param {HTMLElement} article @param {string} join */
function fillChannelSlot(slot, desk, channel, { dataset }, join) {
  const event = channel.events.find((one) => one.event === dataset.event);
  const push = channel.pushes.find((one) => one.event === dataset.push);
  if (dataset.join !== undefined) joinStep(slot, desk, channel);
  else if (dataset.presence !== undefined) presenceStep(slot, desk, channel);
  else if (event) eventStep(slot, desk, channel, event, join);
  else if (push) pushStep(slot, desk, channel, push);
}

/** @param {KeyboardEvent} event @param {Dock} dock */
function shortcut(event, dock) {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const acts = /** @type {Record<string, () => void>} */ ({
    KeyC: () => dock.toggle(),
    KeyL: () => dock.goToLog(),
    KeyN: () => dock.step(1),
    KeyP: () => dock.step(-1),
  });
  const act = acts[event.code];
  if (!act) return;
  event.preventDefault();
  act();
}
