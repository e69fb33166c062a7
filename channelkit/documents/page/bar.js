// The bar: the theme, the drawer of contents on small screens; and what printing needs.
export {};

const root = document.documentElement;
const THEMES = /** @type {const} */ (["system", "light", "dark"]);
const LABELS = { system: "as the system", light: "light", dark: "dark" };

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [button, menu, sidebar] = [byId("theme"), byId("menu"), byId("sidebar")];

/** @returns {(typeof THEMES)[number]} */
function theme() {
  const chosen = root.dataset["theme"];
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? "system";
  if (next === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = next;
  showTheme();
  try {
    localStorage.setItem("channelkit.theme", next);
  } catch {
    // It holds as long as the page is open.
  }
}

function showTheme() {
  button.setAttribute("aria-label", `Theme: ${LABELS[theme()]}`);
  button.title = `Theme: ${LABELS[theme()]}`;
}

/** @param {boolean} open */
function showMenu(open) {
  root.classList.toggle("menu-open", open);
  menu.setAttribute("aria-expanded", String(open));
  const links = [...sidebar.querySelectorAll("a")];
  if (open) (links.find((link) => link.hasAttribute("aria-current")) ?? links[0])?.focus();
}

button.addEventListener("click", nextTheme);
showTheme();

const isOpen = () => root.classList.contains("menu-open");
menu.addEventListener("click", () => showMenu(!isOpen()));
sidebar.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("a") && isOpen()) showMenu(false);
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !isOpen()) return;
  showMenu(false);
  menu.focus();
});
for (const leaves of ["click", "focusin"]) {
  document.addEventListener(leaves, ({ target }) => {
    const within = target instanceof Element && target.closest("#sidebar, #menu");
    if (isOpen() && !within) showMenu(false);
  });
}
matchMedia("(max-width: 60rem)").addEventListener("change", () => isOpen() && showMenu(false));

/** @type {HTMLDetailsElement[]} */
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details")].filter((details) => !details.open);
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
