// Everything that the console does, by two people. Run by test_console.py, which holds the server.
import assert from "node:assert/strict";
import { createInterface } from "node:readline/promises";

import { launch, until } from "../browser/visitor.mjs";
import { Operator } from "./operator.mjs";

const [base, scheme, annsSize, bensSize] = process.argv.slice(2);
const ROOM = "room:{room_id}";
const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();
const overall = setTimeout(() => process.exit(2), 150_000);

async function ask(what) {
  console.log(what);
  await answers.next();
}

async function connecting() {
  await ann.isInOrder("first");
  const form = "Connect to /socket";
  await ann.reads(form, "/socket/websocket?");
  assert.equal(await ann.form(form).getByLabel(/^token/).getAttribute("type"), "password");
  await ann.connects("/socket", { name: "", token: "wrong-secret" });
  await ann.reads(form, "at least 1 character");
  await ann.connects("/socket", { name: "ann" });
  await ann.reads(form, "bad_token");
  await ann.reads(form, "The token is none of ours: ask for a new one.");
  await ann.reads(form, "HTTP 401");
  await ann.sees("Refused");
  assert.doesNotMatch(await ann.form(form).innerText(), /wrong-secret/);
  await ann.isInOrder("refused");
  await ann.connects("/socket", { token: "letmein", plan: "team" });
  await ann.sees("Connected");
  await ann.page.reload();
  const name = ann.form(form).getByLabel(/^name/);
  assert.equal(await name.inputValue(), "ann");
  assert.equal(await ann.form(form).getByLabel(/^plan/).locator(":checked").textContent(), "team");
  assert.notEqual(await ann.form(form).getByLabel(/^token/).inputValue(), "letmein");
  const kept = await ann.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
  assert.doesNotMatch(kept, /letmein|wrong-secret/);
  await ann.connects("/socket", { token: "letmein" });
  await ben.connects("/socket", { name: "ben", token: "letmein" });
  await Promise.all([ann.sees("Connected"), ben.sees("Connected")]);
}

async function joining() {
  const form = `Join ${ROOM}`;
  await ann.opens("Log");
  const before = (await ann.rows()).length;
  await ann.joins(ROOM, { room_id: "kitchen" });
  await ann.reads(form, "expected a whole number");
  assert.equal((await ann.rows()).length, before);
  await ann.joins(ROOM, { room_id: "0" });
  await ann.reads(form, "room_closed");
  await ann.reads(form, "The room is closed until somebody opens it again.");
  await ann.isInOrder("join-refused");
  await ann.joins(ROOM, { room_id: "1", colour: "blue" });
  await ann.reads(form, /"topic": "room:1"/);
  await ben.joins(ROOM, { room_id: "1" });
  await ann.isPresent("ann", "ben");
  await ben.isPresent("ann", "ben");
  await ann.opens("Topics");
  await ann.dock.getByRole("list", { name: "Present on room:1" }).getByText("ben").waitFor();
  await ann.isInOrder("present");
  await ben.opens("Topics");
  await ben.dock.getByRole("button", { name: "Leave room:1" }).click();
  await ann.isPresent("ann");
  await ben.joins(ROOM, { room_id: "1" });
  await ann.isPresent("ann", "ben");
}

async function pushing() {
  const form = "Push say";
  await ann.opens("Log");
  const before = (await ann.rows()).length;
  await ann.pushes("say", { body: "" });
  await ann.reads(form, "at least 1 character");
  assert.equal((await ann.rows()).length, before);
  await ann.isInOrder("invalid");
  await ann.sends(form, "Send anyway");
  await ann.reads(form, "invalid payload");
  await ann.reads(form, "By the framework:");
  await ann.pushes("say", { body: "Good morning, ben" });
  await ann.reads(form, /"id": 7/);
  await ann.reads(form, /ref \d+ · \d+ ms/);
  await ben.page.locator("[data-push=said]").getByText(/"body": "Good morning, ben"/).waitFor();
  await ben.page.locator("[data-push=said]").getByText(/Heard once on room:1/).waitFor();
  await ann.fills(form, { loud: "true" });
  await ann.sends(form, "Push");
  await ann.reads(form, "too_loud");
  await ann.reads(form, "Nobody shouts in here.");
  const [reply] = (await ann.rows()).slice(-1);
  assert.match(reply, /room:1 say error \d+ ms/);
}

async function copying() {
  const form = ann.form("Push say");
  await form.getByRole("button", { name: "Copy as code" }).click();
  await ann.reads("Push say", 'channel.push("say"');
  await ann.fills("Push say", { body: "copied as it is" });
  await ann.reads("Push say", 'body: "copied as it is"');
  await ann.isInOrder("code");
  await form.getByRole("button", { name: "Python", exact: true }).click();
  await ann.reads("Push say", "await room.call(");
  await form.getByRole("button", { name: "Copy", exact: true }).click();
  await form.getByRole("button", { name: "Copied", exact: true }).waitFor();
  const text = await ann.page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /Say\(body="copied as it is"/);
  await ann.fills("Push say", { body: "" });
  await ann.reads("Push say", "The form is not fit to be sent yet.");
  await form.getByRole("button", { name: "Copy as code" }).click();
}

async function writingJson() {
  const form = ann.form("Push say");
  await ann.fills("Push say", { body: "as a form", loud: "false" });
  await form.getByRole("button", { name: "Add to tags" }).click();
  await form.getByLabel(/^tags 1/).fill("x");
  await form.getByRole("button", { name: "JSON", exact: true }).click();
  const json = form.getByLabel("Payload as JSON");
  assert.deepEqual(JSON.parse(await json.inputValue()), { body: "as a form", loud: false, tags: ["x"] });
  await json.fill('{"body": "as JSON", "attachment": {"kind": "drawing", "points": [{"x": "a"}]}}');
  await ann.sends("Push say", "Push");
  await ann.reads("Push say", "attachment.points.0.x: expected a whole number");
  await json.fill('{"body": "as JSON", "attachment": {"kind": "drawing", "points": [{"x": 1}]}}');
  await form.getByRole("button", { name: "Form", exact: true }).click();
  assert.equal(await form.getByLabel(/^x\b/).inputValue(), "1");
  await ann.isInOrder("nested-form");
  await ann.sends("Push say", "Push");
  await ben.page.locator("[data-push=said]").getByText(/"body": "as JSON"/).waitFor();
  await form.getByRole("button", { name: "JSON", exact: true }).click();
  await json.fill('{"body": "more", "unknown": 1}');
  await form.getByRole("button", { name: "Form", exact: true }).click();
  await ann.reads("Push say", "the form cannot show all of this");
  await json.fill('{"body": ');
  await ann.sends("Push say", "Push");
  await ann.reads("Push say", "this is not JSON");
  await json.fill('{"body": "at last"}');
  await form.getByRole("button", { name: "Form", exact: true }).click();
}

async function otherEvents() {
  await ann.pushes("count", { to: "3" });
  await ann.reads("Push count", /\{\s*"n": 3\s*\}/);
  await ann.reads("Push count", "ok");
  await ann.pushes("typing");
  await ann.reads("Push typing", "This event is not answered.");
  await ann.pushes("close");
  await ann.reads("Push close", "forbidden");
  await ann.form("Push upload").getByLabel("Payload as bytes").fill("0g");
  await ann.sends("Push upload", "Push");
  await ann.reads("Push upload", "this is not hex");
  await ann.form("Push upload").getByLabel("Payload as bytes").fill("01 02 ff");
  await ann.sends("Push upload", "Push");
  await ann.reads("Push upload", "3 bytes: ff 02 01");
  const file = { name: "dot.bin", mimeType: "application/octet-stream", buffer: Buffer.from([7, 8]) };
  await ann.form("Push upload").getByLabel("Bytes from a file").setInputFiles(file);
  await ann.reads("Push upload", "dot.bin, 2 bytes: 07 08");
  await ann.sends("Push upload", "Push");
  await ann.reads("Push upload", "2 bytes: 08 07");
  await ann.form("Push echo").getByLabel("Payload as JSON").fill("[1, null]");
  await ann.sends("Push echo", "Push");
  await ann.reads("Push echo", /\[\s*1,\s*null\s*\]/);
  await ann.isInOrder("events");
  await ann.pushes("crash");
  await ann.reads("Push crash", "channel_crash");
  await ann.reads("Push crash", "A handler raised");
  await ann.opens("Topics");
  await ann.dock.getByRole("button", { name: /room:1 joined/ }).waitFor();
}

async function severalTopics() {
  await ann.dock.getByRole("button", { name: "Forget room:0" }).click();
  await ann.joins(ROOM, { room_id: "2" });
  await ann.reads(`Join ${ROOM}`, /"topic": "room:2"/);
  await ann.joins("lobby");
  await ann.dock.getByRole("button", { name: /lobby joined/ }).waitFor();
  assert.equal(await ann.dock.getByRole("list", { name: "Topics" }).getByRole("listitem").count(), 3);
  await ann.dock.getByRole("button", { name: /room:1 joined/ }).click();
  assert.equal(await ann.form("Push say").getByLabel("Topic").inputValue(), "room:1");
  await ann.isPresent("ann", "ben");
  await ann.dock.getByRole("button", { name: /room:2 joined/ }).click();
  assert.equal(await ann.form("Push say").getByLabel("Topic").inputValue(), "room:2");
  await ann.isPresent("ann");
  await ann.isInOrder("topics");
  await ann.form("Push say").getByLabel("Topic").selectOption("room:1");
  await ann.dock.getByRole("button", { name: "Leave lobby" }).click();
  await ann.dock.getByRole("button", { name: /^lobby joined/ }).waitFor({ state: "detached" });
}

async function readingTheLog() {
  await ann.opens("Log");
  const filter = ann.dock.getByLabel("Filter the log");
  await filter.fill("as JSON");
  await until(async () => (await ann.rows()).length === 2);
  await ann.log.getByRole("listitem").first().click();
  await ann.log.getByText(/join_ref \d+/).waitFor();
  await ann.isInOrder("log");
  await filter.fill("");
  await ann.dock.getByLabel("Which way").selectOption({ label: "Connection" });
  await until(async () => (await ann.rows()).every((row) => row.includes("connection")));
  await ann.dock.getByLabel("Which way").selectOption({ label: "All" });
  await ann.dock.getByRole("button", { name: "Pause" }).click();
  const before = await ann.rows();
  await ann.pushes("echo");
  await ann.sees(/\d new/);
  assert.deepEqual(await ann.rows(), before);
  await ann.dock.getByRole("button", { name: "Resume" }).click();
  await until(async () => (await ann.rows()).length > before.length);
  await ann.dock.getByRole("button", { name: "Clear" }).click();
  await until(async () => (await ann.rows()).length === 0);
}

async function losingTheServer() {
  await ann.closes();
  await ask("stop");
  await Promise.all([ann.sees("Connection lost"), ben.sees("Connection lost")]);
  await ann.sees(/after \d+ failed/);
  await ann.sees(/closed 10\d\d/);
  await ann.opens("Topics");
  await ann.dock.getByRole("button", { name: /room:1 errored/ }).waitFor();
  await ann.isInOrder("lost");
  await ask("start");
  await Promise.all([ann.sees("Connected"), ben.sees("Connected")]);
  await ann.dock.getByRole("button", { name: /room:1 joined/ }).waitFor();
  await ann.isPresent("ann", "ben");
  await ask("stop");
  await ann.sees("Connection lost");
  await ask("change");
  await ask("start");
  await ann.sees("The contract has changed since this page was loaded.");
  await ann.isInOrder("changed");
  await ann.dock.getByRole("button", { name: "Reload the page" }).click();
  await ann.form(`Join ${ROOM}`).waitFor();
  assert.equal(await ann.form("Push say").count(), 0);
}

async function anotherEndpoint() {
  await ben.connects("/{tenant}/admin", { tenant: "acme" });
  await ben.sees(/acme\/admin/);
  await ben.joins("reports");
  await ben.reads("Join reports", "ok");
  await ben.dock.getByLabel("Endpoint").selectOption("/socket");
  await ben.sees("room:1");
  await ben.dock.getByRole("button", { name: "Disconnect" }).click();
  await ben.sees("Not connected");
}

const browser = await launch();
const url = `${base}/docs`;
const ann = await Operator.open(browser, { url, scheme, size: annsSize, label: "ann" });
const ben = await Operator.open(browser, { url, scheme, size: bensSize, label: "ben" });
try {
  await connecting();
  await joining();
  await pushing();
  await copying();
  await writingJson();
  await otherEvents();
  await severalTopics();
  await readingTheLog();
  await anotherEndpoint();
  await ben.connects("/socket", { token: "letmein" });
  await ben.sees("Connected");
  await ben.joins(ROOM, { room_id: "1" });
  await losingTheServer();
} finally {
  const problems = [ann, ben].flatMap(({ visitor }) => visitor.problems.map((problem) => `${visitor.name} ${problem}`));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
  await browser.close();
  lines.close();
  clearTimeout(overall);
}
