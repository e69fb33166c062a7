// @ts-check
/** What close codes and reasons mean, in a sentence; a declared refusal says it itself. */

/** @typedef {import("./contract.js").Refusal} Refusal */

const CODES = /** @type {Record<number, string>} */ ({
  1000: "Closed on purpose: clients do not come back by themselves.",
  1001: "The server let this socket go: it was silent too long, or was disconnected by its id.",
  1002: "A frame broke the WebSocket protocol.",
  1003: "A binary frame came where this version of the wire has none.",
  1005: "Closed without a code.",
  1006: "The connection ended without a close frame: the server is gone, or refused it.",
  1007: "Text that is not UTF-8, not JSON, or no envelope.",
  1008: "A message came in too many fragments.",
  1009: "A message was larger than the endpoint's limit.",
  1011: "A callback of a raw socket crashed.",
  1012: "The server is restarting.",
  1013: "This client read too slowly: too much waited for it.",
  1014: "A proxy got no answer from the server.",
  3000: "The socket's time is up: its grant has expired.",
  4000: "The client gave the connection up: nothing was heard of the server.",
});

const REASONS = /** @type {Record<string, string>} */ ({
  "unmatched topic": "No channel has this topic, or this connection has not joined it. Nothing has happened.",
  "join crashed": "The join handler raised; the server's log has the traceback.",
  "join timeout": "The join handler took longer than the endpoint's limit.",
  "too many channels joined": "This socket has as many topics as the endpoint allows.",
  "invalid message": "The frame is no envelope.",
  "invalid payload": "The payload does not fit its type; errors says where and why. No handler saw it.",
  "unknown event": "The channel has no handler for this event.",
  forbidden: "This member may not: the event's permission said no.",
  rate_limited: "Too soon: retry_after is the time to wait, in milliseconds.",
  overloaded: "Too much waits for this member already.",
  expired: "The grant had ended before the reply left.",
  revoked: "The join was taken back.",
  "binary not supported": "The answer is binary, which this version of the wire cannot carry.",
  "channel closed": "The handler was begun, and cut short because its member ended.",
  channel_crash: "A handler raised, and this member ended; the server's log has the traceback.",
  "origin not allowed": "The endpoint's origins do not let pages of this host connect.",
  "subprotocol not supported": "The endpoint speaks none of the subprotocols that were offered.",
  "unsupported vsn": "The endpoint does not speak this version of the wire.",
  "not found": "No endpoint of this server is at that path: it may have gone.",
  "connect crashed": "connect raised; the server's log has the traceback.",
  "connect timeout": "connect took longer than the endpoint's limit.",
  timeout: "No reply came in time. It may have been handled all the same.",
  disconnected: "The connection was lost: joins come back with it, pushes do not.",
  closed: "The topic is closed.",
  left: "The topic was left before a reply came.",
  full: "Too many pushes wait for this topic to be joined.",
});

/** @param {number | undefined} code @returns {string} */
export function ofCode(code) {
  if (code === undefined) return "";
  return CODES[code] ?? (code >= 4000 ? "A code of the application's own." : "An unusual code.");
}

/** @param {string | null | undefined} reason @param {Refusal[]} [refusals] What is declared, and comes first. @returns {string} */
export function ofReason(reason, refusals = []) {
  const declared = refusals.find((refusal) => refusal.reason === reason);
  if (declared) return declared.description || "A declared refusal.";
  return REASONS[reason ?? ""] ?? "";
}

/** The reasons that the framework itself gives. */
export const FRAMEWORK_REASONS = Object.keys(REASONS);

/** The close codes that are explained. */
export const CLOSE_CODES = Object.keys(CODES).map(Number);
