// The chat's console without a mouse: every key by hand, and the focus never lost.
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";

import { launch, until } from "../browser/visitor.mjs";
import { Operator } from "./operator.mjs";

const [base] = process.argv.slice(2);
const overall = setTimeout(() => process.exit(2), 90_000);
const lines = createInterface({ input: process.stdin });

const browser = await launch();
const ann = await Operator.open(browser, { url: `${base}/docs`, scheme: "light", size: "desktop", label: "keys" });
const { page } = ann;
const press = (key) => page.keyboard.press(key);
const focused = () => page.evaluate(() => document.activeElement?.closest("form")?.getAttribute("aria-label") ?? "");
const isLost = () => page.evaluate(() => document.activeElement === document.body);

/** Tab on to the first control that is meant. */
async function tabTo(selector) {
  for (let count = 0; count < 400; count += 1) {
    await press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`${selector} cannot be reached by Tab`);
}

async function types(text) {
  await press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

try {
  await tabTo('form[aria-label="Connect to /socket"] input');
  await types("0123456789abcdef0123456789abcdef");
  await press("Control+Enter");
  await ann.sees("Connected");
  assert.equal(await focused(), "Connect to /socket");

  await tabTo('form[aria-label="Join room:{name}"] input');
  await types("garden");
  await tabTo('form[aria-label="Join room:{name}"] .ck-editor input');
  await types("Ann");
  await press("Enter");
  await ann.isPresent("Ann");
  assert.equal(await focused(), "Join room:{name}");

  await tabTo('form[aria-label="Push new_msg"] textarea');
  await types("Hello from the keyboard");
  await press("Control+Enter");
  await ann.reads("Push new_msg", "ok");
  await page.locator("[data-push=posted]").getByText(/Hello from the keyboard/).waitFor();

  await press("Alt+c");
  await ann.dock.getByRole("list", { name: "Topics" }).waitFor();
  await press("Alt+l");
  await types("posted");
  await until(async () => (await ann.rows()).length === 1);
  await tabTo(".ck-row summary");
  await press("Enter");
  await ann.log.getByText(/join_ref/).waitFor();
  await press("Alt+n");
  await ann.isInOrder("keys");
  await tabTo("[aria-expanded=true].ck-toggle");
  await press("Enter");
  assert.equal(await ann.log.isVisible(), false);
  assert.equal(await isLost(), false);

  await page.keyboard.press("Shift+Tab");
  await press("Enter"); // Disconnect, beside it
  await ann.sees("Not connected");
  assert.equal(await isLost(), false);
} finally {
  for (const problem of ann.visitor.problems) console.error(problem);
  process.exitCode = ann.visitor.problems.length ? 1 : 0;
  await browser.close();
  lines.close();
  clearTimeout(overall);
}
