// @ts-check
/** A contract as the page holds it: its form in types, its topics, and what its payloads look like. */

/** @typedef {import("./validate.js").Schema} Schema */
/** @typedef {import("./validate.js").Schemas} Schemas */
/** @typedef {{kind: "model" | "open" | "binary" | "empty", $ref?: string}} Shape */
/** @typedef {{reason: string | null, status: number | null, $ref: string, description: string}} Refusal */
/** @typedef {{name: string, rest: boolean, value: Record<string, any>}} Parameter */
/** @typedef {{description: string, accepts: Shape[], answers: Shape[], refuses: Refusal[]}} Join */
/**
 * @typedef {object} Event
 * @property {string} event
 * @property {string} description
 * @property {Shape[]} accepts
 * @property {Shape[]} answers
 * @property {Refusal[]} refuses
 * @property {boolean} silent
 * @property {string | null} permission
 * @property {string | null} rate
 * @property {string[] | null} streams
 */
/** @typedef {{event: string, description: string, payload: Shape[], intercepted: boolean}} Push */
/**
 * @typedef {object} Channel
 * @property {string} name
 * @property {string} pattern
 * @property {string} description
 * @property {Parameter[]} parameters
 * @property {Join} join
 * @property {Event[]} events
 * @property {Push[]} pushes
 * @property {{meta: Shape, beside: Shape | null} | null} presence
 */
/** @typedef {{description: string, params: Shape[], refuses: Refusal[]}} Connect */
/** @typedef {{path: string, vsn: string, serializers: string[], connect: Connect | null, channels: Channel[]}} Endpoint */
/** @typedef {{contract: 1, fingerprint: string, endpoints: Endpoint[], schemas: Schemas}} Contract */

const PARAMETER = /\{([^{}*]*)\*?\}/g;
const VARIABLE = /\{(\w+)\}/g;

/** The schema of a payload's shape, for what is JSON. @param {Shape} shape @returns {Schema} */
export function schemaOf({ kind, $ref }) {
  if (kind === "model" && $ref !== undefined) return { $ref };
  return kind === "empty" ? { type: "object", properties: {}, additionalProperties: false } : true;
}

/** The topic of a pattern with these parameters, null while one is missing or makes no topic. @param {string} pattern @param {Record<string, string>} values @returns {string | null} */
export function topicOf(pattern, values) {
  const parts = pattern.split(":").map((part) => {
    const [, name, star] = /^\{([^{}*]*)(\*?)\}$/.exec(part) ?? [];
    if (name === undefined) return part;
    const value = values[name] ?? "";
    return star || (value !== "" && !value.includes(":")) ? value : null;
  });
  return parts.includes(null) ? null : parts.join(":");
}

/** The parameters in a topic of this pattern, null for any other topic. @param {string} pattern @param {string} topic @returns {Record<string, string> | null} */
export function parametersOf(pattern, topic) {
  const names = [...pattern.matchAll(PARAMETER)].map(([, name]) => name ?? "");
  const parts = pattern.split(":").map((part) => {
    const [, name, star] = /^\{([^{}*]*)(\*?)\}$/.exec(part) ?? [];
    if (name === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    return star ? "([^]*)" : "([^:]+)";
  });
  const found = new RegExp(`^${parts.join(":")}$`).exec(topic);
  return found && Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ""]));
}

/** A topic parameter as the topic carries it, from what a form holds. @param {any} value @returns {string} */
export function segment(value) {
  return value === null || value === undefined ? "" : String(value);
}

/** The variables in an endpoint's path. @param {string} path @returns {string[]} */
export function variables(path) {
  return [...path.matchAll(VARIABLE)].map(([, name]) => name ?? "");
}

/** The path with its variables filled in. @param {string} path @param {Record<string, string>} values */
export function filled(path, values) {
  return path.replace(VARIABLE, (_, name) => encodeURIComponent(values[name] ?? ""));
}

/**
 * Connect parameters as a query carries them, nested as phoenix.js nests them.
 *
 * @param {any} value @param {string} [name] @returns {Record<string, string>}
 */
export function query(value, name = "") {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object") return { [name]: String(value) };
  const inner = (/** @type {string} */ key) => (name === "" ? key : `${name}[${Array.isArray(value) ? "" : key}]`);
  return Object.assign({}, ...Object.entries(value).map(([key, each]) => query(each, inner(key))));
}

/**
 * Where the server is, seen from a page that it serves: same host, same prefix, wss under https.
 *
 * @param {string} page The page's address. @param {string} mount Its path on the server, as `/docs`.
 */
export function serverOf(page, mount) {
  const url = new URL(page);
  const here = url.pathname.replace(/\/+$/, "");
  const prefix = here.endsWith(mount) ? here.slice(0, here.length - mount.length) : "";
  return `${url.protocol.replace("http", "ws")}//${url.host}${prefix}`;
}

/** A server's address as somebody types it, fit for a WebSocket; null where it is none. @param {string} typed @returns {string | null} */
export function serverTyped(typed) {
  const [, scheme = "ws", rest = ""] = /^(?:(?:http|ws)(s?):\/\/)?(.*?)\/*$/i.exec(typed.trim()) ?? [];
  const whole = `${scheme.toLowerCase() === "s" ? "wss" : "ws"}://${rest}`;
  return rest !== "" && URL.canParse(whole) ? whole : null;
}

/** The endpoint's channel that has a topic: the first whose pattern it fits. @param {Endpoint} endpoint @param {string} topic */
export function channelOf(endpoint, topic) {
  return endpoint.channels.find(({ pattern }) => parametersOf(pattern, topic) !== null);
}
