// @ts-check
/** What the console adds to the page's articles: connect, join, push, and what is heard. */
import { segment, schemaOf, topicOf } from "./contract.js";
import { copying } from "./copying.js";
import { button, code as asCode, fill, fresh, h, prose } from "./dom.js";
import { ofReason } from "./explain.js";
import { followed, initial } from "./fields.js";
import { Form } from "./form.js";
import { presences } from "./people.js";
import { result, told } from "./result.js";
import { validate } from "./validate.js";

/** @typedef {import("./contract.js").Channel} Channel */
/** @typedef {import("./contract.js").Event} Event */
/** @typedef {import("./contract.js").Push} Push */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./session.js").Call} Call */
/** @typedef {import("./session.js").Denial} Denial */

const RESULTS = 5; // of one form that stay in sight

/** A form that Ctrl+Enter sends, too; what comes of it stands beside it. @param {string} name @param {() => void} send @param {(Node | null)[]} fields @param {Node} outcome */
function form(name, send, fields, outcome) {
  const element = h("form", { class: "ck-try", novalidate: true, "aria-label": name }, legend("Try it"), h("div", { class: "ck-fields" }, fields), outcome);
  element.addEventListener("submit", (event) => (event.preventDefault(), send()));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.preventDefault(), send());
  });
  return element;
}

/** What a form is for, and what sends it. @param {string} text */
const legend = (text) => h("p", { class: "ck-legend" }, h("strong", {}, text), h("span", { class: "ck-meta" }, h("kbd", {}, "Ctrl"), " ", h("kbd", {}, "Enter"), " sends"));

/** @param {string} text @param {boolean} [main] */
const submit = (text, main = true) => h("button", { class: main ? "ck-button ck-main" : "ck-button" }, text);

/** What was refused, where a browser could learn of it. @param {Denial} denial @param {Desk} desk */
function refusal({ status, response }, { endpoint }) {
  const why = ofReason(response?.reason, endpoint.connect?.refuses);
  const head = h("p", { class: "ck-result-head" }, h("span", { class: "ck-badge ck-error" }, "refused"), h("code", { class: "ck-reason" }, response?.reason ?? ""), h("span", { class: "ck-meta" }, `HTTP ${status}`));
  return h("div", { class: "ck-result ck-is-error" }, head, why && h("p", { class: "ck-why" }, prose(why)), asCode(told(response)));
}

/** Connecting: the parameters, the address that they make, what became of it. @param {Element} slot @param {Desk} desk */
export function connectStep(slot, desk) {
  const { session, endpoint } = desk;
  const address = h("code", { class: "ck-address" });
  const go = submit("Connect");
  const stop = button("Disconnect", () => session.disconnect());
  const outcome = h("div", { class: "ck-outcome" });
  const connect = () => void desk.connect();
  const server = desk.served ? [] : [input("server", "its address", desk.server, (typed) => (desk.server = typed))];
  const inputs = Object.entries(desk.variables).map(([name, value]) => input(name, "in the path", value, (typed) => desk.setVariable(name, typed)));
  const draw = () => {
    const query = Object.entries({ ...desk.query, vsn: "2.0.0" }).map(([name, value]) => `${name}=${secretless(desk, name, value)}`);
    address.textContent = `${desk.url}/websocket?${query.join("&")}`;
  };
  const link = () => {
    go.textContent = desk.isConnecting ? "Connect anew" : "Connect";
    stop.hidden = !desk.isConnecting;
    fill(outcome, session.link.denial && refusal(session.link.denial, desk));
  };
  desk.watch(draw);
  session.on("link", link);
  const [copy = null, code = null] = copying(desk, () => desk.params.step && { step: "connect", ...where(desk), ...desk.params.step });
  fill(
    slot,
    form(`Connect to ${endpoint.path}`, connect, [
      ...server,
      ...inputs,
      desk.params.element,
      h("p", { class: "ck-hint" }, "Connects to ", address),
      h("div", { class: "ck-actions" }, go, stop, copy),
      code,
    ], outcome),
  );
  draw();
  link();
}

/** @param {Desk} desk @param {string} name @param {string} value */
function secretless(desk, name, value) {
  const kept = desk.params.kept.value;
  const shown = typeof kept !== "object" || kept === null || name === "vsn" || (name.split("[")[0] ?? "") in kept;
  return shown ? encodeURIComponent(value) : "••••";
}

/** The endpoint that a step is about. @param {Desk} desk */
const where = ({ endpoint, variables, server }) => ({ server, endpoint: endpoint.path, variables });

/** @param {string} name @param {string} kind @param {string} value @param {(typed: string) => void} typed */
function input(name, kind, value, typed) {
  const id = fresh();
  const control = h("input", { id, autocomplete: "off", value, "aria-required": "true", spellcheck: "false" });
  control.addEventListener("input", () => typed(control.value));
  return h("div", { class: "ck-field" }, h("label", { for: id }, h("span", { class: "ck-name" }, name), " ", h("span", { class: "ck-kind" }, kind)), control);
}

/** Joining: the parameters of the topic, the topic that they make, the payload. @param {Element} slot @param {Desk} desk @param {Channel} channel */
export function joinStep(slot, desk, channel) {
  const { session, schemas } = desk;
  const samples = desk.samples.channels?.[channel.pattern];
  const key = `${desk.endpoint.path} ${channel.pattern} topic`;
  const properties = Object.fromEntries(channel.parameters.map(({ name, value }) => [name, value]));
  const required = channel.parameters.filter(({ rest }) => !rest).map(({ name }) => name);
  const schema = { type: "object", properties, required };
  const place = h("output", { class: "ck-topic" });
  const topic = () => topicOf(channel.pattern, Object.fromEntries(Object.entries(parameters.value).map(([name, value]) => [name, segment(value)])));
  const draw = () => void (place.textContent = topic() ?? channel.pattern);
  const parameters = new Form(schema, schemas, () => (desk.memory.keep(key, parameters.value), draw(), desk.tell()));
  parameters.value = desk.memory.recall(key) ?? samples?.parameters ?? initial(schema, schemas);
  const editor = desk.editor(`${channel.pattern} join`, channel.join.accepts, samples?.join);
  const outcome = h("div", { class: "ck-outcome" });
  const send = async () => {
    const unfit = parameters.check().length > 0;
    const { payload, problems } = editor.check();
    const name = topic();
    if (unfit) return void (/** @type {HTMLElement | null} */ (parameters.element.querySelector("[aria-invalid]"))?.focus());
    if (problems.length > 0 || name === null) return;
    if (!desk.isConnecting && !desk.connect()) return void fill(outcome, h("p", { class: "ck-error" }, "Fill in the connect parameters first: ", link(slot)));
    desk.focus(name);
    desk.values.set(name, parameters.value);
    const joining = session.join(name, channel, payload);
    fill(outcome, h("p", { class: "ck-result-head" }, h("span", { class: "ck-badge ck-waiting" }, "joining…")));
    const call = await joining;
    desk.focus(name);
    desk.say(call.state === "ok" ? `Joined ${name}` : `${name}: ${call.reason}`);
    fill(outcome, result(call, channel.join.refuses));
  };
  const [copy = null, code = null] = copying(desk, () => {
    const name = topic();
    if (name === null || validate(parameters.value, schema, schemas).length > 0) return null;
    return editor.step && { step: "join", ...where(desk), pattern: channel.pattern, topic: name, parameters: parameters.value, ...editor.step };
  });
  fill(
    slot,
    form(`Join ${channel.pattern}`, () => void send(), [
      channel.parameters.length > 0 ? parameters.element : null,
      h("p", { class: "ck-hint" }, "Topic ", place),
      editor.element,
      h("div", { class: "ck-actions" }, submit("Join"), copy),
      code,
    ], outcome),
  );
  draw();
}

/** To where the parameters are. @param {Element} slot */
function link(slot) {
  const path = slot.closest("[data-endpoint]")?.getAttribute("data-endpoint") ?? "";
  const section = [...document.querySelectorAll("[data-endpoint]")].find((one) => one.getAttribute("data-endpoint") === path && !one.hasAttribute("data-channel"));
  return h("a", { href: `#${section?.id ?? ""}` }, `Connect to ${path}`);
}

/** Which of a channel's topics a form is about. @param {Desk} desk @param {Channel} channel @param {string} join The address of where to join. */
function topicChoice(desk, channel, join) {
  const element = h("div", { class: "ck-about" });
  const draw = () => {
    const topics = desk.topicsOf(channel);
    const current = desk.topicOf(channel);
    if (!current) return fill(element, h("p", { class: "ck-hint" }, "No topic of this channel is joined: ", h("a", { href: `#${join}` }, "join one"), "."));
    const [only, ...others] = topics;
    if (only && others.length === 0) return fill(element, h("p", { class: "ck-hint" }, "On ", h("span", { class: "ck-topic" }, only.topic), ` · ${only.state}`, only.reason && `: ${only.reason}`));
    const select = h("select", { "aria-label": "Topic" }, topics.map(({ topic, state }) => h("option", { value: topic, selected: topic === current.topic }, `${topic} · ${state}`)));
    select.addEventListener("change", () => (desk.focus(select.value), /** @type {HTMLElement | null} */ (element.querySelector("select"))?.focus()));
    fill(element, h("p", { class: "ck-hint" }, "On ", select));
  };
  desk.session.on("topics", draw);
  const focused = { topic: desk.focused };
  desk.watch(() => desk.focused !== focused.topic && ((focused.topic = desk.focused), draw()));
  draw();
  return element;
}

/** Pushing an event. @param {Element} slot @param {Desk} desk @param {Channel} channel @param {Event} event @param {string} join */
export function eventStep(slot, desk, channel, event, join) {
  const editor = desk.editor(`${channel.pattern} ${event.event}`, event.accepts, desk.samples.channels?.[channel.pattern]?.events?.[event.event]);
  const results = h("div", { class: "ck-outcome" });
  const anyway = button("Send anyway", () => push(editor.payload), { hidden: true });
  const send = () => {
    const { payload, problems } = editor.check();
    anyway.hidden = problems.length === 0 || payload === undefined || payload === null;
    if (problems.length > 0) return desk.say(`Not sent: ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} wrong`);
    push(payload);
  };
  const push = (/** @type {any} */ payload) => {
    anyway.hidden = true;
    const topic = desk.topicOf(channel)?.topic ?? desk.focused ?? channel.pattern;
    const box = h("div", {});
    const draw = (/** @type {Call} */ call) => fill(box, result(call, event.refuses));
    const { call, done } = desk.session.push(topic, event, payload, () => draw(call));
    results.prepend(box);
    while (results.children.length > RESULTS) results.lastElementChild?.remove();
    draw(call);
    void done.then(() => (draw(call), desk.say(`${event.event}: ${call.reason || call.state}`)));
  };
  const [copy = null, code = null] = copying(desk, () => {
    const topic = desk.topicOf(channel)?.topic ?? "";
    const parameters = desk.values.get(topic) ?? {};
    return editor.step && { step: "push", ...where(desk), pattern: channel.pattern, event: event.event, topic, parameters, ...editor.step };
  });
  fill(
    slot,
    form(`Push ${event.event}`, send, [topicChoice(desk, channel, join), editor.element, h("div", { class: "ck-actions" }, submit("Push"), anyway, copy), code], results),
  );
}

/** What has been heard of a push on the topic in focus. @param {Element} slot @param {Desk} desk @param {Channel} channel @param {Push} push */
export function pushStep(slot, desk, channel, { event, payload: [shape] }) {
  const draw = () => {
    const topic = desk.topicOf(channel);
    const heard = topic?.heard.get(event);
    if (!topic || !heard) return fill(slot, topic ? h("p", { class: "ck-hint" }, "Not heard yet on ", h("span", { class: "ck-topic" }, topic.topic), ".") : null);
    const { title } = shape ? followed(schemaOf(shape), desk.schemas) : {};
    const times = heard.count === 1 ? "once" : `${heard.count} times`;
    const head = h("p", { class: "ck-hint" }, "Heard ", times, " on ", h("span", { class: "ck-topic" }, topic.topic), title ? `, as ${title}; last:` : "; last:");
    fill(slot, h("div", { class: "ck-heard" }, head, asCode(told(heard.last))));
  };
  desk.session.on("heard", draw);
  desk.session.on("topics", draw);
  desk.watch(draw);
  draw();
}

/** Who is on the topic in focus. @param {Element} slot @param {Desk} desk @param {Channel} channel */
export function presenceStep(slot, desk, channel) {
  const draw = () => {
    const topic = desk.topicOf(channel);
    fill(slot, topic ? presences(topic) : null);
  };
  desk.session.on("presence", draw);
  desk.session.on("topics", draw);
  desk.watch(draw);
  draw();
}
