// A visitor's browser: opens the page, does what people do, and looks whether it is in order.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const modules = createRequire(join(process.env.CHANNELKIT_NODE_MODULES, "index.js"));
const { chromium } = modules("playwright-core");
const AXE = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const ARGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run" +
  " --disable-background-networking --disable-component-update --disable-sync";
const PATIENCE = 15_000;

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGS.split(" ") });
}

/** Wait for a condition that no element shows by itself. */
export async function until(condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never true: ${condition}`);
    await new Promise(setImmediate);
  }
}

export class Visitor {
  problems = [];
  #shots = 0;
  #expects = [];

  static async open(browser, { url, size, scheme, label, expects = [], permissions = [], ignoreHTTPSErrors = false }) {
    const options = { viewport: SIZES[size], colorScheme: scheme, reducedMotion: "reduce" };
    const touch = size === "phone" ? { isMobile: true, hasTouch: true } : {};
    const context = await browser.newContext({ ...options, ...touch, permissions, ignoreHTTPSErrors });
    context.setDefaultTimeout(PATIENCE);
    const visitor = new Visitor();
    visitor.#expects = ["WebSocket connection", ...expects];
    const page = await context.newPage();
    Object.assign(visitor, { page, size, name: `${label}-${size}-${scheme}` });
    page.on("pageerror", (error) => visitor.problems.push(`threw: ${error.stack}`));
    page.on("console", (message) => visitor.#heard(message.text(), message.type()));
    await page.goto(url);
    return visitor;
  }

  /** The browser itself reports each connection that fails: that is expected while the server is away. */
  #heard(text, type) {
    if (type === "error" && !this.#expects.some((words) => text.includes(words))) this.problems.push(`said: ${text}`);
  }

  get body() {
    return this.page.getByLabel("Message", { exact: true });
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  async sees(text) {
    await this.page.getByText(text).first().waitFor();
  }

  async seesNoMore(text) {
    await this.page.getByText(text).first().waitFor({ state: "hidden" });
  }

  async enters(name, room) {
    await this.page.getByLabel("Your name").fill(name);
    if (room) await this.page.getByLabel("Room").fill(room);
    await this.button("Join room").click();
  }

  async isIn() {
    await this.body.waitFor();
    await until(() => this.body.evaluate((body) => body === document.activeElement));
  }

  async says(text) {
    await this.body.fill(text);
    await this.body.press("Enter");
  }

  /** Show the people, where they are not in sight anyway. */
  async looksAround() {
    if (this.size === "phone") await this.page.getByRole("button", { name: /people here/ }).click();
    await this.page.getByRole("complementary", { name: "People here" }).waitFor();
  }

  async looksBack() {
    if (this.size === "phone") await this.button("Close").click();
  }

  async people() {
    const names = await this.page.locator("#members .name").allTextContents();
    return names.map((name) => name.replace(" (you)", ""));
  }

  /** No violation that axe finds, nothing to scroll sideways; a picture for whoever wants to look. */
  async isInOrder(state) {
    const folder = process.env.CHANNELKIT_SCREENSHOTS;
    const picture = `${this.name}-${String(++this.#shots).padStart(2, "0")}-${state}.png`;
    if (folder) await this.page.screenshot({ path: join(folder, picture) });
    const found = await this.page.evaluate(`(async () => {
      if (!window.axe) { ${AXE} }
      const { violations } = await axe.run();
      const nodes = violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.html + " " + node.failureSummary));
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth > clientWidth ? [...nodes, "scrolls sideways: " + scrollWidth] : nodes;
    })()`);
    this.problems.push(...found.map((problem) => `${state}: ${problem}`));
  }
}
