// Panels of code: tabs by the ARIA pattern, a button to copy, colours that leave the text alone.
export {};

const KEY = "channelkit.language";

/** @typedef {{ panel: HTMLElement, tabs: HTMLButtonElement[], panes: HTMLElement[] }} Panel */

/** @type {Map<string, Panel[]>} the panels that are switched together, by what is chosen in them */
const together = new Map();

let count = 0;

/** @param {HTMLElement} panel */
function upgrade(panel) {
  const panes = [...panel.querySelectorAll("[data-pane]")].filter((pane) => pane instanceof HTMLElement);
  const list = document.createElement("div");
  list.role = "tablist";
  list.ariaLabel = panel.dataset["label"] ?? "";
  const tabs = panes.map((pane) => makeTab(pane));
  list.append(...tabs);
  const row = document.createElement("div");
  row.className = "tabs";
  row.append(list, makeCopy(panes));
  panel.prepend(row);
  const made = { panel, tabs, panes };
  list.addEventListener("click", ({ target }) => choose(made, tabs.findIndex((tab) => tab === target)));
  list.addEventListener("keydown", (event) => move(made, event));
  const choice = panel.dataset["choice"];
  if (choice) together.set(choice, [...(together.get(choice) ?? []), made]);
  show(made, 0);
}

/** @param {HTMLElement} pane */
function makeTab(pane) {
  const tab = document.createElement("button");
  count += 1;
  pane.id ||= `pane-${count}`;
  tab.id = `tab-${count}`;
  tab.type = "button";
  tab.role = "tab";
  tab.textContent = pane.querySelector("p")?.textContent ?? "";
  tab.setAttribute("aria-controls", pane.id);
  pane.role = "tabpanel";
  pane.setAttribute("aria-labelledby", tab.id);
  return tab;
}

/** @param {HTMLElement[]} panes */
function makeCopy(panes) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const shown = panes.find((pane) => !pane.hidden);
    const copied = await copy(shown?.querySelector("code")?.textContent ?? "");
    button.textContent = copied ? "Copied" : "Press Ctrl+C";
    if (!copied && shown) getSelection()?.selectAllChildren(shown.querySelector("code") ?? shown);
    say(button.textContent);
    setTimeout(() => (button.textContent = "Copy"), 1600);
  });
  return button;
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

const status = document.createElement("p");
status.className = "unseen";
status.role = "status";
document.body.append(status);

/** @param {string} text */
function say(text) {
  status.textContent = text;
}

/**
 * @param {Panel} panel
 * @param {number} index
 */
function show({ tabs, panes }, index) {
  tabs.forEach((tab, place) => {
    tab.ariaSelected = String(place === index);
    tab.tabIndex = place === index ? 0 : -1;
  });
  panes.forEach((pane, place) => (pane.hidden = place !== index));
}

/**
 * Choose a tab: of a language in all panels, without that what is looked at moves.
 * @param {Panel} panel
 * @param {number} index
 */
function choose(panel, index) {
  const pane = panel.panes[index];
  if (!pane) return;
  const choice = panel.panel.dataset["choice"];
  if (!choice) return show(panel, index);
  const before = panel.panel.getBoundingClientRect().top;
  chooseAll(choice, pane.dataset["pane"] ?? "");
  scrollBy({ top: panel.panel.getBoundingClientRect().top - before, behavior: "instant" });
  try {
    localStorage.setItem(KEY, pane.dataset["pane"] ?? "");
  } catch {
    // It holds as long as the page is open.
  }
}

/**
 * @param {string} choice
 * @param {string} key
 */
function chooseAll(choice, key) {
  for (const panel of together.get(choice) ?? []) {
    const index = panel.panes.findIndex((pane) => pane.dataset["pane"] === key);
    if (index >= 0) show(panel, index);
  }
}

/**
 * @param {Panel} panel
 * @param {KeyboardEvent} event
 */
function move(panel, event) {
  const last = panel.tabs.length - 1;
  const at = panel.tabs.findIndex((tab) => tab === document.activeElement);
  const to = new Map([
    ["ArrowRight", at === last ? 0 : at + 1],
    ["ArrowLeft", at === 0 ? last : at - 1],
    ["Home", 0],
    ["End", last],
  ]).get(event.key);
  if (to === undefined) return;
  event.preventDefault();
  choose(panel, to);
  panel.tabs[to]?.focus();
}

// Colours: ranges over the text, so that nothing has to be parsed as HTML. Where a browser has
// no CSS.highlights the code is plain.
const REMARK = String.raw`(?<remark>\/\/[^\n]*|\/\*[^]*?\*\/|(?<![\w"'])#[^\n]*)`;
const TEXT = String.raw`(?<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|${"`"}[^${"`"}]*${"`"})`;
const WORD =
  String.raw`(?<word>\b(?:import|from|export|const|let|new|await|async|with|as|for|of|in|if|else|return|def|` +
  String.raw`class|match|case|switch|default|break|function|type|assert|and|or|not|None|True|False|true|false|null)\b)`;
const NUMBER = String.raw`(?<number>\b\d[\d_.]*\b)`;
const NAME = String.raw`(?<name>[A-Za-z_$][\w$]*(?=\())`;
const CODE = new RegExp([REMARK, TEXT, WORD, NUMBER, NAME].join("|"), "gu");
const JSON_SIGNS = /(?<key>"(?:\\.|[^"\\])*"(?=\s*:))|(?<text>"(?:\\.|[^"\\])*")|(?<number>-?\b\d[\d.eE+-]*|true|false|null)/gu;

/** @param {Element} code */
function colour(code) {
  const [node] = code.childNodes;
  if (!(node instanceof Text)) return;
  const json = code.getAttribute("data-language") === "json";
  for (const found of node.data.matchAll(json ? JSON_SIGNS : CODE)) {
    const [kind] = Object.entries(found.groups ?? {}).find(([, text]) => text !== undefined) ?? [""];
    const range = new StaticRange({
      startContainer: node,
      startOffset: found.index,
      endContainer: node,
      endOffset: found.index + found[0].length,
    });
    highlight(json ? `json-${kind}` : kind).add(range);
  }
}

/** @param {string} name */
function highlight(name) {
  const known = CSS.highlights.get(name) ?? new Highlight();
  CSS.highlights.set(name, known);
  return known;
}

for (const panel of document.querySelectorAll(".panel")) {
  if (panel instanceof HTMLElement) upgrade(panel);
}
try {
  chooseAll("language", localStorage.getItem(KEY) ?? "");
} catch {
  // Then it is the first.
}
document.documentElement.classList.add("ready");

if ("highlights" in CSS) {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        colour(target);
      }
    },
    { rootMargin: "400px" },
  );
  for (const code of document.querySelectorAll("code[data-language]")) seen.observe(code);
  addEventListener("beforeprint", () => {
    for (const { target } of seen.takeRecords()) colour(target);
  });
}
