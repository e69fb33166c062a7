// Somebody at the console: finds its forms by their names, as people and screen readers do.
import { Visitor, until } from "../browser/visitor.mjs";

const EXPECTS = ["ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"];

export class Operator {
  static async open(browser, options) {
    const permissions = ["clipboard-read", "clipboard-write"];
    const visitor = await Visitor.open(browser, { expects: EXPECTS, permissions, ...options });
    return Object.assign(new Operator(), { visitor, page: visitor.page, size: options.size });
  }

  form(name) {
    return this.page.getByRole("form", { name, exact: true });
  }

  get dock() {
    return this.page.getByRole("region", { name: "Console" });
  }

  get log() {
    return this.dock.getByRole("list", { name: "Envelopes, the newest last" });
  }

  /** Fill a form's fields by their names. */
  async fills(form, values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.form(form).getByLabel(new RegExp(`^${name}\\b`)).first();
      const isChoice = (await field.evaluate(({ tagName }) => tagName)) === "SELECT";
      await (isChoice ? field.selectOption({ label: value }) : field.fill(value));
    }
  }

  async sends(form, button) {
    await this.form(form).getByRole("button", { name: button, exact: true }).click();
  }

  async connects(path, values) {
    await this.fills(`Connect to ${path}`, values);
    await this.form(`Connect to ${path}`).getByRole("button", { name: /^Connect/ }).click();
  }

  async joins(pattern, values = {}) {
    await this.fills(`Join ${pattern}`, values);
    await this.sends(`Join ${pattern}`, "Join");
  }

  async pushes(event, values = {}) {
    await this.fills(`Push ${event}`, values);
    await this.sends(`Push ${event}`, "Push");
  }

  /** A form shows a text, once it does. */
  async reads(form, text) {
    await this.form(form).getByText(text).first().waitFor();
  }

  async sees(text) {
    await this.dock.getByText(text).first().waitFor();
  }

  /** Show the dock's whole; on a phone one side of it. */
  async opens(side) {
    const toggle = this.dock.getByRole("button", { name: "Console" });
    if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
    if (side && this.size === "phone") await this.dock.getByRole("button", { name: side, exact: true }).click();
  }

  async closes() {
    const toggle = this.dock.getByRole("button", { name: "Console" });
    if ((await toggle.getAttribute("aria-expanded")) === "true") await toggle.click();
  }

  /** The keys that are present on a topic, by the channel's article. */
  async present() {
    return this.page.locator("[data-presence] .ck-keys strong").allTextContents();
  }

  async isPresent(...names) {
    await until(async () => (await this.present()).sort().join() === names.sort().join());
  }

  /** The rows of the log, each as one line. */
  async rows() {
    const rows = await this.log.getByRole("listitem").allInnerTexts();
    return rows.map((row) => row.replaceAll(/\s+/g, " "));
  }

  async isInOrder(state) {
    await this.visitor.isInOrder(state);
  }
}
