// Two people in the tutorial's chat. Run by test_tutorial_page.py, which holds the server: a line
// "stop" or "start" on stdout asks for it, and is answered on stdin.
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";

import { launch } from "./visitor.mjs";

const [base] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const overall = setTimeout(() => process.exit(2), 100_000);
const problems = [];

async function ask(what) {
  console.log(what);
  await answers.next();
}

async function enter(name, room = "") {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  page.on("dialog", (dialog) => dialog.accept(name));
  page.on("pageerror", (error) => problems.push(error.stack));
  await page.goto(`${base}/${room}`);
  return page;
}

async function say(page, body) {
  await page.getByLabel("Message").fill(body);
  await page.getByRole("button", { name: "Send" }).click();
}

const browser = await launch();
const ann = await enter("ann");
await ann.getByText("Here: ann", { exact: true }).waitFor();
const bob = await enter("bob");
await ann.getByText("Here: ann, bob").waitFor();

await say(ann, "<b>hello</b>");
await bob.getByText("ann: <b>hello</b>").waitFor();
const cleo = await enter("cleo");
await cleo.getByText("ann: <b>hello</b>").waitFor();

const locked = await enter("dan", "#room:13");
await locked.getByText("Refused: room_closed").waitFor();

await ask("stop");
await ask("start");
await bob.getByText("ann: <b>hello</b>").waitFor({ state: "detached" });
await say(bob, "back again");
await ann.getByText("bob: back again").waitFor();
assert.deepEqual(await ann.locator("li").allTextContents(), ["bob: back again"]);

assert.deepEqual(problems, []);
await browser.close();
clearTimeout(overall);
process.exit(0);
