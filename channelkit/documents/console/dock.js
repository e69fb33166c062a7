// @ts-check
/** The dock below the page: the connection as it is, the topics, the log. */
import { button, fill, h, prose, segments } from "./dom.js";
import { ofCode, ofReason } from "./explain.js";
import { LogView } from "./logview.js";
import { presences } from "./people.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./memory.js").Memory} Memory */
/** @typedef {import("./session.js").Link} Link */
/** @typedef {import("./session.js").Topic} Topic */

const STATES = { closed: "Not connected", connecting: "Connecting…", open: "Connected", waiting: "Connection lost", refused: "Refused" };
/** @param {Link} link */
const stateOf = ({ state, wasOpen }) => (state === "waiting" && !wasOpen ? "Cannot connect" : STATES[state]);

const BLOCKED = "The server would let it in: something between, a proxy perhaps, does not pass WebSockets on.";
const TICK = 200; // milliseconds between two pictures of a countdown

/** What there is beside Tab. */
const keys = () =>
  h(
    "dl",
    { class: "ck-keys-list", "aria-label": "Keys" },
    [["Ctrl Enter", "sends the form"], ["Alt C", "opens and closes this"], ["Alt L", "goes to the log"], ["Alt N", "is the next topic"], ["Alt P", "the one before"]].map(([names = "", what]) =>
      h("div", {}, h("dt", {}, names.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, what)),
    ),
  );

export class Dock {
  /** @type {Desk} */ #desk;
  #desks;
  #memory;
  #log;
  #open;
  #timer = 0;
  #status = h("div", { class: "ck-status" });
  #notice = h("div", { class: "ck-notice", role: "status" });
  #topics = h("div", { class: "ck-topics" });
  #panes = h("div", { class: "ck-panes" });
  #tabs = h("div", { class: "ck-tabs" });
  #toggle = button("", () => this.toggle(), { "aria-controls": "ck-body", class: "ck-button ck-toggle" });
  #body = h("div", { class: "ck-body", id: "ck-body" });

  /** @param {HTMLElement} element @param {Desk[]} desks One for each endpoint. @param {Memory} memory */
  constructor(element, desks, memory) {
    const [first] = desks;
    if (!first) throw new Error("a contract without endpoints");
    this.#desks = desks;
    this.#memory = memory;
    this.#desk = first;
    this.#open = memory.recall("dock") === true;
    this.#log = new LogView(first.session);
    for (const desk of desks) this.#watch(desk);
    this.element = element;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", "Console");
    fill(this.#panes, this.#topics, this.#log.element);
    fill(this.#body, this.#tabs, this.#panes);
    fill(this.#toggle, h("span", { class: "ck-word" }, "Console"));
    fill(element, this.#notice, h("div", { class: "ck-bar" }, this.#choice(), this.#status, this.#toggle), this.#body);
    this.#pane("log");
    this.#draw();
  }

  /** @param {Desk} desk */
  #watch(desk) {
    if (desk !== this.#desk) this.#log.watch(desk.session);
    desk.session.on("link", () => (this.#show(desk), this.#drawLink(), desk.say(spoken(desk.session.link))));
    desk.session.on("topics", () => desk === this.#desk && this.#drawTopics());
    desk.session.on("presence", () => desk === this.#desk && this.#drawTopics());
    desk.watch(() => desk === this.#desk && this.#drawTopics());
  }

  /** Open it, or close it. */
  toggle(open = !this.#open) {
    this.#open = open;
    this.#memory.keep("dock", open);
    this.#draw();
  }

  /** Go to the log's filter. */
  goToLog() {
    this.toggle(true);
    this.#pane("log");
    this.#log.focus();
  }

  /** Focus the topic after the one in focus, or before. @param {number} by */
  step(by) {
    const topics = [...this.#desk.session.topics.keys()];
    if (topics.length === 0) return;
    const now = topics.indexOf(this.#desk.focused ?? "");
    const next = topics[(now + by + topics.length) % topics.length] ?? null;
    this.#desk.focus(next);
    this.#desk.say(`On ${next}`);
  }

  /** Say something that asks for an answer. @param {...(Node | string)} children */
  notice(...children) {
    fill(this.#notice, ...children);
  }

  #choice() {
    if (this.#desks.length < 2) return null;
    const select = h("select", { "aria-label": "Endpoint", class: "ck-endpoint" }, this.#desks.map(({ endpoint }, index) => h("option", { value: index }, endpoint.path)));
    select.addEventListener("change", () => {
      const desk = this.#desks[Number(select.value)];
      if (desk) this.#show(desk);
    });
    return select;
  }

  /** @param {Desk} desk */
  #show(desk) {
    if (desk === this.#desk) return;
    this.#desk = desk;
    const select = this.element.querySelector("select");
    if (select) select.value = String(this.#desks.indexOf(desk));
    this.#log.show(desk.session);
    this.#draw();
  }

  /** On narrow screens one of the two is in sight. @param {string} name */
  #pane(name) {
    this.#panes.setAttribute("data-pane", name);
    this.#log.appear();
    fill(this.#tabs, segments("Show", [["topics", "Topics"], ["log", "Log"]], name, (value) => {
      this.#pane(value);
      /** @type {HTMLElement | null} */ (this.#tabs.querySelector(`[data-value=${value}]`))?.focus();
    }));
  }

  #draw() {
    this.#body.hidden = !this.#open;
    this.#toggle.setAttribute("aria-expanded", String(this.#open));
    document.documentElement.toggleAttribute("data-console-open", this.#open);
    this.#log.appear();
    this.#drawLink();
  }

  #drawLink() {
    const { session } = this.#desk;
    const { link } = session;
    const again = link.state === "waiting" && button("Try now", () => session.retry(), { class: "ck-button ck-small ck-again" });
    const act = this.#desk.isConnecting
      ? button("Disconnect", () => session.disconnect(), { class: "ck-button ck-small" })
      : button("Connect", () => this.#connect(), { class: "ck-button ck-small ck-main" });
    const had = this.#status.contains(document.activeElement);
    fill(this.#status, h("span", { class: `ck-light ck-${link.state}`, "aria-hidden": "true" }), h("span", { class: "ck-state" }, h("strong", {}, stateOf(link)), " ", h("span", { class: "ck-meta ck-detail" }, detail(link, this.#desk))), again, act);
    if (had) act.focus();
    this.#drawTopics();
    globalThis.clearTimeout(this.#timer);
    if (link.state === "waiting") this.#timer = globalThis.setTimeout(() => this.#count(), TICK);
  }

  /** Only the words, so that the buttons beside them stay what they are. */
  #count() {
    const { link } = this.#desk.session;
    if (link.state !== "waiting") return;
    for (const words of this.element.querySelectorAll(".ck-detail")) words.textContent = detail(link, this.#desk);
    this.#timer = globalThis.setTimeout(() => this.#count(), TICK);
  }

  #connect() {
    if (this.#desk.connect()) return;
    const { path } = this.#desk.endpoint;
    const section = [...document.querySelectorAll("[data-connect]")].find((article) => article.closest("[data-endpoint]")?.getAttribute("data-endpoint") === path);
    const page = section?.closest("[id]");
    if (page) location.hash = `#${page.id}`;
    this.#desk.params.check();
  }

  #drawTopics() {
    const { session, focused } = this.#desk;
    const topics = [...session.topics.values()];
    const current = session.topics.get(focused ?? "");
    const had = this.#topics.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
    fill(
      this.#topics,
      this.#about(),
      topics.length === 0 ? h("p", { class: "ck-hint" }, "No topic is joined.") : h("ul", { class: "ck-topic-list", "aria-label": "Topics" }, topics.map((topic) => this.#topic(topic))),
      current?.channel.presence ? presences(current) : null,
      keys(),
    );
    if (had) [.../** @type {NodeListOf<HTMLElement>} */ (this.#topics.querySelectorAll("[data-key]"))].find((one) => one.dataset.key === had)?.focus();
  }

  /** The connection in full, where a bar has no room for it. */
  #about() {
    const { link } = this.#desk.session;
    return link.state === "open" ? null : h("p", { class: "ck-hint" }, h("strong", {}, stateOf(link)), " ", h("span", { class: "ck-detail" }, detail(link, this.#desk)));
  }

  /** @param {Topic} topic */
  #topic({ topic, state, reason, channel, payload }) {
    const { session } = this.#desk;
    const small = (/** @type {string} */ word) => ({ class: "ck-button ck-small", "data-key": `${word} ${topic}`, "aria-label": `${word} ${topic}` });
    const join = state === "closed" && button("Join", () => void session.join(topic, channel, payload), small("Join"));
    const leave = button(state === "closed" ? "Forget" : "Leave", () => void session.leave(topic), small(state === "closed" ? "Forget" : "Leave"));
    const name = button("", () => this.#desk.focus(topic), { class: "ck-topic-name", "aria-pressed": String(topic === this.#desk.focused), "data-key": topic });
    fill(name, h("span", { class: `ck-light ck-${state}`, "aria-hidden": "true" }), h("span", { class: "ck-topic" }, topic), h("span", { class: "ck-meta" }, state));
    const why = reason && h("p", { class: "ck-why" }, h("code", { class: "ck-reason" }, reason), " ", prose(ofReason(reason, channel.join.refuses)));
    return h("li", {}, h("div", { class: "ck-topic-row" }, name, join, leave), why);
  }
}

/** @param {Link} link @param {Desk} desk */
function detail({ state, tries, code, reason, nextAt, denial, url, blocked }, desk) {
  const closed = code === undefined ? "" : `closed ${code}${reason ? ` “${reason}”` : ""}: ${ofCode(code)}`;
  if (state === "open") return `to ${url}, vsn 2.0.0`;
  if (state === "connecting") return tries > 1 ? `try ${tries} · ${closed}` : `to ${url}`;
  if (state === "waiting") {
    const seconds = Math.max(0, ((nextAt ?? 0) - Date.now()) / 1000).toFixed(1);
    return `next try in ${seconds} s, after ${tries} failed · ${blocked ? BLOCKED : closed}`;
  }
  if (state === "refused") return `${denial?.response?.reason ?? ""} (HTTP ${denial?.status}): ${ofReason(denial?.response?.reason, desk.endpoint.connect?.refuses)}`;
  return code === undefined || code === 1000 ? desk.url : closed;
}

/** For those who hear it. @param {Link} link */
function spoken(link) {
  const { state, tries, code } = link;
  if (state === "connecting" || (state === "waiting" && tries > 1)) return "";
  return state === "waiting" ? `${stateOf(link)}, closed ${code}` : STATES[state];
}
