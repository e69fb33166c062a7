// A reader and the page, opened from a file. Run by test_in_chromium.py:
// page.mjs SCENARIO FILE [SCHEME SIZE]
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

import { Visitor, launch, until } from "../../browser/visitor.mjs";

const [scenario, file, scheme = "light", size = "desktop"] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const overall = setTimeout(() => process.exit(2), 100_000);

const browser = await launch();
const contexts = [];

/** A page in a context of its own, and every request that it makes. */
async function opened(address = url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: scheme, ...options });
  contexts.push(context);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const [requests, problems] = [[], []];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.stack));
  page.on("console", (message) => problems.push(message.text()));
  page.on("dialog", (dialog) => (problems.push(dialog.message()), dialog.dismiss()));
  await page.goto(address);
  return { page, requests, problems };
}

const current = (page) => page.locator("#sidebar [aria-current]").textContent();
const selected = (page) => page.locator("#found [aria-selected=true] b").textContent();
const focused = (page) => page.evaluate(() => document.activeElement?.closest("[id]")?.id);

async function searching(reader) {
  const { page } = reader;
  await page.keyboard.press("/");
  await page.getByRole("combobox", { name: "Search" }).waitFor();
  await reader.isInOrder("search-empty");
  await page.keyboard.type("kick");
  assert.equal(await selected(page), "kick");
  await reader.isInOrder("search");
  const first = await page.locator("#query").getAttribute("aria-activedescendant");
  await page.keyboard.press("ArrowDown");
  const second = await page.locator("#query").getAttribute("aria-activedescendant");
  assert.notEqual(first, second);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /#room-name\.send\.kick$/);
  assert.equal(await focused(page), "room-name.send.kick");
  await until(async () => (await current(page)) === "kick send");
  await page.keyboard.press("/");
  await page.keyboard.type("nothing is called so/");
  await page.getByText("Nothing is called “nothing is called so/”.").waitFor();
  await reader.isInOrder("search-nothing");
  await page.keyboard.press("Escape");
  await page.locator("#search").waitFor({ state: "hidden" });
}

async function lookingAtFields(reader) {
  const { page } = reader;
  await page.keyboard.press("Control+k");
  await page.keyboard.type("posted body");
  await page.keyboard.press("Enter");
  const field = page.locator("[data-push=posted] [data-field=body]");
  await until(() => field.evaluate((element) => element === document.activeElement));
  await page.locator("details summary").first().click();
  await reader.isInOrder("unfolded");
}

async function changingTheme(reader) {
  const { page } = reader;
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  const other = scheme === "light" ? "dark" : "light";
  const button = page.locator("#theme");
  for (let tries = 0; tries < 3; tries += 1) {
    if ((await button.getAttribute("aria-label")) === `Theme: ${other}`) break;
    await button.click();
  }
  const after = await ground();
  assert.notEqual(after, before);
  await reader.isInOrder("other-theme");
  await page.reload();
  assert.equal(await ground(), after);
  assert.equal(await button.getAttribute("aria-label"), `Theme: ${other}`);
}

async function unfoldingTheContents(reader) {
  const { page } = reader;
  const menu = page.getByRole("button", { name: "Contents" });
  const sidebar = page.getByRole("navigation", { name: "Contents" });
  if (size === "desktop") return assert.ok((await sidebar.isVisible()) && !(await menu.isVisible()));
  assert.ok(!(await sidebar.isVisible()));
  await menu.click();
  await sidebar.waitFor();
  assert.equal(await menu.getAttribute("aria-expanded"), "true");
  await reader.isInOrder("menu");
  await page.keyboard.press("Escape");
  await sidebar.waitFor({ state: "hidden" });
  await menu.click();
  await sidebar.getByRole("link", { name: "Errors" }).click();
  await sidebar.waitFor({ state: "hidden" });
  assert.match(page.url(), /#errors$/);
}

const scenarios = {
  async reader() {
    const reader = await Visitor.open(browser, { url, scheme, size, label: "page" });
    contexts.push(reader.page.context());
    await reader.isInOrder("top");
    await unfoldingTheContents(reader);
    await searching(reader);
    await lookingAtFields(reader);
    await changingTheme(reader);
    assert.deepEqual(reader.problems, []);
  },

  async tabs() {
    const { page, requests, problems } = await opened(url, { permissions: ["clipboard-read", "clipboard-write"] });
    const tabs = page.locator("[data-join] .samples").getByRole("tab");
    const panel = page.locator("[data-join] .samples").getByRole("tabpanel");
    assert.deepEqual(await tabs.allTextContents(), ["ok", "name_taken", "room_full"]);
    await tabs.first().focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await panel.getAttribute("aria-labelledby"), await tabs.nth(1).getAttribute("id"));
    await page.keyboard.press("End");
    assert.match(await panel.textContent(), /"reason": "room_full"/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Home");
    assert.match(await panel.textContent(), /"history"/);
    await page.locator("[data-join] .samples").getByRole("button", { name: "Copy" }).click();
    await page.locator("[data-join] .samples").getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(JSON.parse(copied).history);
    assert.deepEqual([requests.length, problems], [1, []]);
  },

  async languages() {
    const { page } = await opened(url, { permissions: ["clipboard-read", "clipboard-write"] });
    const kick = page.locator("[data-event=kick] .panel:not(.samples)");
    const titles = await kick.getByRole("tab").allTextContents();
    assert.deepEqual([titles[0], titles.at(-1)], ["phoenix.js", "Test kit"]);
    await kick.scrollIntoViewIfNeeded();
    const top = () => kick.evaluate((panel) => panel.getBoundingClientRect().top);
    const before = await top();
    await kick.getByRole("tab", { name: "Python" }).click();
    assert.ok(Math.abs((await top()) - before) < 2, "what is looked at stays where it is");
    const shown = () => page.locator("[data-choice] [data-pane]:visible").evaluateAll((all) => [...new Set(all.map((pane) => pane.dataset.pane))]);
    assert.deepEqual(await shown(), ["python"]);
    await kick.getByRole("button", { name: "Copy" }).click();
    await kick.getByRole("button", { name: "Copied" }).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Kick\(name="\w+"\)/);
    await page.reload();
    assert.deepEqual(await shown(), ["python"]);
  },

  async linked() {
    const { page } = await opened(`${url}#room-name.receive.posted`);
    const top = () => page.locator("[id='room-name.receive.posted']").evaluate((place) => place.getBoundingClientRect().top);
    await until(async () => (await top()) >= 56 && (await top()) < 120);
    await until(async () => (await current(page)) === "posted receive");
    await page.getByRole("link", { name: "Skip to the content" }).focus();
    await page.keyboard.press("Enter");
    await until(async () => (await focused(page)) === "content");
  },

  async narrow() {
    const { page } = await opened(url, { viewport: { width: 320, height: 640 } });
    const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.equal(scroll, client);
  },

  async scriptless() {
    const { page, requests } = await opened(url, { javaScriptEnabled: false });
    assert.equal(await page.locator(".panel > [data-pane]:visible").count(), await page.locator(".panel > [data-pane]").count());
    assert.ok(await page.locator("#sidebar").isVisible());
    assert.equal(await page.locator("button:visible").count(), 0);
    assert.equal(requests.length, 1);
  },

  async paper() {
    const { page } = await opened(url);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    for (const hidden of [".bar", "#sidebar", ".copy"]) assert.equal(await page.locator(`${hidden}:visible`).count(), 0);
    const look = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      const pre = getComputedStyle(document.querySelector(".panel pre"));
      return { backgroundColor, color, whiteSpace: pre.whiteSpace };
    });
    assert.deepEqual(look, { backgroundColor: "rgb(255, 255, 255)", color: "rgb(28, 33, 36)", whiteSpace: "pre-wrap" });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages >= 4, `${pages} pages`);
  },

  async hostile() {
    const { page, requests, problems } = await opened();
    await page.keyboard.press("/");
    await page.keyboard.type("a");
    await page.keyboard.press("Escape");
    for (const element of await page.locator("a, [tabindex]").all()) {
      await element.evaluate((each) => (each.focus(), each.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }))));
    }
    assert.equal(await page.title(), "Real-time protocol");
    assert.deepEqual([requests.length, problems], [1, []]);
    const strangers = await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter(
        (each) => each.matches("img, b:not(#found b), iframe, object, base") || [...each.attributes].some(({ name }) => name.startsWith("on")),
      ).length,
    );
    assert.equal(strangers, 0);
    const links = await page.locator("a").evaluateAll((all) => all.map((each) => each.protocol));
    assert.deepEqual([...new Set(links)].sort(), ["file:", "https:"]);
    const reader = await Visitor.open(browser, { url, scheme, size: "phone", label: "hostile" });
    await reader.isInOrder("top");
    assert.deepEqual(reader.problems, []);
  },

  async big() {
    const { page, problems } = await opened();
    await page.keyboard.press("/");
    await page.keyboard.type("event_7 topic_150");
    assert.equal(await selected(page), "event_7");
    await page.keyboard.press("Enter");
    await until(async () => (await current(page)) === "event_7 send");
    assert.deepEqual(problems, []);
  },
};

try {
  await scenarios[scenario]();
} finally {
  await Promise.all(contexts.map((context) => context.close()));
  await browser.close();
  clearTimeout(overall);
}
