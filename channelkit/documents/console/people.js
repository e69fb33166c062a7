// @ts-check
/** Who is in a topic: its keys, each with its metas. */
import { code, h } from "./dom.js";
import { told } from "./result.js";

/** @typedef {import("./session.js").Topic} Topic */

/** @param {Topic} topic */
export function presences({ topic, present }) {
  const count = present.size === 1 ? "1 key" : `${present.size} keys`;
  const keys = [...present].map(([key, held]) => h("li", {}, h("details", {}, summary(key, held), code(told(held)))));
  return h(
    "div",
    { class: "ck-present" },
    h("p", { class: "ck-hint" }, `Present on `, h("span", { class: "ck-topic" }, topic), `: ${count}`),
    h("ul", { class: "ck-keys", "aria-label": `Present on ${topic}` }, keys),
  );
}

/** @param {string} key @param {{metas: any[]}} held */
function summary(key, { metas }) {
  const last = { ...metas.at(-1) };
  delete last.phx_ref;
  delete last.phx_ref_prev;
  const more = metas.length > 1 ? h("span", { class: "ck-badge" }, `${metas.length} metas`) : null;
  return h("summary", {}, h("strong", {}, key), " ", more, " ", h("code", { class: "ck-inline" }, JSON.stringify(last)));
}
