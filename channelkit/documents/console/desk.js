// @ts-check
/** What the parts of the console share for one endpoint: its session, its forms, what is in focus. */
import { filled, parametersOf, query, serverOf, serverTyped, variables } from "./contract.js";
import { Editor } from "./editor.js";

/** @typedef {import("./contract.js").Channel} Channel */
/** @typedef {import("./contract.js").Endpoint} Endpoint */
/** @typedef {import("./memory.js").Memory} Memory */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./session.js").Topic} Topic */
/** @typedef {import("./validate.js").Schemas} Schemas */
/** @typedef {{connect?: any, channels?: Record<string, {parameters?: Record<string, any>, join?: any, events?: Record<string, any>}>}} Samples Values that stand in the forms at first. */

export class Desk {
  /** @type {string | null} */ focused = null;
  /** @type {Set<() => void>} */ #watchers = new Set();
  /** @type {Map<string, Record<string, any>>} */ values = new Map(); // of the parameters of each topic, as they were typed
  /** @type {Record<string, string>} */ #variables;
  #server;

  /**
   * @param {{endpoint: Endpoint, schemas: Schemas, samples: Samples, session: Session, memory: Memory, page: string, mount: string | undefined, say: (text: string) => void, write?: import("./copying.js").Write | undefined}} given
   * `write` writes a step as code, `say` tells people who do not see; `page` is the page's address and `mount` its path on the endpoint's server, if that serves it.
   */
  constructor({ endpoint, schemas, samples, session, memory, page, mount, say, write }) {
    this.endpoint = endpoint;
    this.schemas = schemas;
    this.samples = samples;
    this.session = session;
    this.memory = memory;
    this.say = say;
    this.write = write;
    this.served = mount !== undefined;
    this.#server = mount === undefined ? (memory.recall("server") ?? "localhost:4000") : serverOf(page, mount);
    this.#variables = memory.recall(`${endpoint.path} path`) ?? {};
    this.params = this.editor("connect", endpoint.connect?.params ?? [], samples.connect);
    session.on("topics", () => this.#refocus());
  }

  /** An editor that keeps what is in it. @param {string} key @param {import("./contract.js").Shape[]} shapes @param {any} sample @param {() => void} [changed] */
  editor(key, shapes, sample, changed = () => {}) {
    const place = `${this.endpoint.path} ${key}`;
    const keep = () => (this.memory.keep(place, editor.kept), changed(), this.tell());
    const editor = new Editor(shapes, this.schemas, { sample, changed: keep });
    editor.restore(this.memory.recall(place));
    return editor;
  }

  /** The variables in the endpoint's path, as they are filled in. */
  get variables() {
    return Object.fromEntries(variables(this.endpoint.path).map((name) => [name, this.#variables[name] ?? ""]));
  }

  /** @param {string} name @param {string} value */
  setVariable(name, value) {
    this.#variables[name] = value;
    this.memory.keep(`${this.endpoint.path} path`, this.#variables);
    this.tell();
  }

  /** Where its server is: as the page knows, else as somebody has typed it. */
  get server() {
    return this.#server;
  }

  set server(address) {
    this.#server = address;
    this.memory.keep("server", address);
    this.tell();
  }

  /** Where the endpoint is. */
  get url() {
    return `${serverTyped(this.#server) ?? "ws://?"}${filled(this.endpoint.path, this.#variables)}`;
  }

  /** The connect parameters as the query has them. @returns {Record<string, string>} */
  get query() {
    return query(this.params.payload ?? {});
  }

  /** Connect with what stands in the form. @returns {boolean} Whether it was fit to be sent. */
  connect() {
    if (Object.values(this.variables).includes("") || serverTyped(this.#server) === null) return false;
    if (this.params.check().problems.length > 0) return false;
    this.session.connect(this.url, this.query);
    return true;
  }

  /** Whether a connection is there or is being made. */
  get isConnecting() {
    return !["closed", "refused"].includes(this.session.link.state);
  }

  /** The topics of a channel, in the order in which they were joined. @param {Channel} channel @returns {Topic[]} */
  topicsOf(channel) {
    return [...this.session.topics.values()].filter((topic) => topic.channel === channel);
  }

  /** The topic that a channel's forms are about: the one in focus, else its last. @param {Channel} channel @returns {Topic | undefined} */
  topicOf(channel) {
    const topics = this.topicsOf(channel);
    return topics.find(({ topic }) => topic === this.focused) ?? topics.at(-1);
  }

  /** The parameters of a topic of a channel. @param {Channel} channel @param {string} topic */
  parametersOf(channel, topic) {
    return parametersOf(channel.pattern, topic) ?? {};
  }

  /** @param {string | null} topic */
  focus(topic) {
    this.focused = topic;
    this.tell();
  }

  /** Told of a new focus, and of what is typed. @param {() => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher);
  }

  tell() {
    for (const watcher of this.#watchers) watcher();
  }

  #refocus() {
    const { topics } = this.session;
    if (this.focused !== null && topics.has(this.focused)) return;
    this.focus([...topics.keys()].at(-1) ?? null);
  }
}
