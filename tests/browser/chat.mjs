// Two people in the chat, from the door to the server's restart. Run by test_chat_page.py, which
// holds the server: a line "stop" or "start" on stdout asks for it, and is answered on stdin.
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";

import { Visitor, launch, until } from "./visitor.mjs";

const [base, scheme, adasSize, bobsSize] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();
const overall = setTimeout(() => process.exit(2), 100_000);

async function ask(what) {
  console.log(what);
  await answers.next();
}

async function both(...states) {
  await Promise.all([ada, bob].map((visitor, index) => visitor.isInOrder(states[index] ?? states[0])));
}

async function areHere(visitor, ...names) {
  await until(async () => (await visitor.people()).join() === names.join());
}

async function atTheDoor() {
  await both("door");
  await bob.enters("", "garden");
  await bob.sees("Please enter your name.");
  await ada.enters("Ada Lovelace", "Garden");
  await ada.isIn();
  await bob.enters("ada lovelace", "garden");
  await bob.sees("Somebody here is called Ada Lovelace already.");
  await both("nobody-else", "name-taken");
  await bob.enters("<Bob>");
  await bob.sees("A name starts with a letter");
  await bob.enters("Bob");
  await bob.isIn();
  await ada.sees("Bob joined");
  await Promise.all([areHere(ada, "Ada Lovelace", "Bob"), areHere(bob, "Ada Lovelace", "Bob")]);
}

async function talking() {
  await ada.says("Good morning. Did the seedlings survive the frost?");
  await bob.sees("Good morning.");
  await bob.says("All but two. I put the fleece on at nine, just before it dropped below zero.");
  await bob.says("The tomatoes look offended, though.");
  await bob.says(`https://example.org/${"no-space-to-break-at".repeat(8)}`);
  await ada.sees("The tomatoes look offended, though.");
  await ada.says("<b>They always do.</b>");
  await bob.sees("<b>They always do.</b>");
  await bob.body.pressSequentially("I will bring c");
  await ada.sees("Bob is typing");
  await both("talking");
  await bob.says("I will bring coffee.");
  await ada.seesNoMore("Bob is typing");
  assert.equal(await ada.page.locator(".message").count(), 6);
  assert.equal(await bob.page.locator(".message").count(), 6);
}

async function reloading() {
  await bob.page.reload();
  await bob.isIn();
  await bob.sees("The tomatoes look offended, though.");
  assert.equal(await bob.page.locator(".message").count(), 6);
  await areHere(bob, "Ada Lovelace", "Bob");
}

async function lookingAround() {
  await Promise.all([ada.looksAround(), bob.looksAround()]);
  await both("people");
  assert.equal(await bob.page.getByRole("button", { name: /^Remove/ }).count(), 0);
  await bob.looksBack();
}

async function removing() {
  await ada.button("Remove Bob").click();
  await ada.isInOrder("asked");
  await ada.button("Cancel").click();
  await ada.button("Remove Bob").click();
  await ada.button("Remove").click();
  await bob.sees("Ada Lovelace removed you from #garden.");
  await ada.looksBack();
  await ada.sees("Ada Lovelace removed Bob");
  await both("has-removed", "removed");
  await areHere(ada, "Ada Lovelace");
  await bob.enters("Bob");
  await bob.isIn();
}

async function losingTheServer() {
  await ask("stop");
  await Promise.all([ada.sees("Connection lost."), bob.sees("Connection lost.")]);
  await bob.says("Are you still there?");
  await bob.sees("Waiting for the connection…");
  await both("lost");
  await ask("start");
  await ada.sees("Are you still there?");
  await Promise.all([ada.seesNoMore("connection"), bob.seesNoMore("connection")]);
  await until(async () => (await ada.people()).length === 2);
  await both("back");
  assert.equal(await bob.page.getByText("Are you still there?").count(), 1);
}

async function findingItFull() {
  await ada.page.evaluate(async () => {
    const { Socket } = await import("/channelkit.js");
    for (let guest = 0; guest < 50; guest += 1) {
      // one after the other: Chromium makes a crowd of new sockets wait for seconds
      const socket = new Socket("/socket", { params: { visitor: String(guest).padStart(32, "0") } });
      socket.connect();
      await socket.channel("room:attic").join({ name: `Guest ${guest}` });
    }
  });
  await bob.button("Leave").click();
  await bob.enters("Bob", "attic");
  await bob.sees("This room is full: it has 50 seats.");
  await bob.isInOrder("full");
  await ada.sees("Bob left");
}

async function movingByAddress() {
  await ada.page.evaluate(() => void (location.hash = "#k%C3%BCche"));
  await ada.sees("#küche");
  await ada.isIn();
  await ada.isInOrder("moved");
}

const browser = await launch();
const url = `${base}/#garden`;
const ada = await Visitor.open(browser, { url, scheme, size: adasSize, label: "ada" });
const bob = await Visitor.open(browser, { url, scheme, size: bobsSize, label: "bob" });
try {
  await atTheDoor();
  await talking();
  await reloading();
  await lookingAround();
  await removing();
  await losingTheServer();
  await findingItFull();
  await movingByAddress();
} finally {
  const problems = [ada, bob].flatMap(({ name, problems }) => problems.map((problem) => `${name} ${problem}`));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
  await browser.close();
  lines.close();
  clearTimeout(overall);
}
