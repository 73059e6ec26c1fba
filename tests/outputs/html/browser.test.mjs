// What holds of the HTML report in Chromium. The pages and the packages' place come from the environment.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const modules = process.env.MODULES;
const require = createRequire(join(modules, "anywhere.js"));
const imported = async (name) => import(pathToFileURL(require.resolve(name)));
const address = (name) => pathToFileURL(process.env[`PAGE_${name.toUpperCase()}`]).href;
const names = ["verified", "hostile", "large", "empty"];
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

let browser;

// Milliseconds. A browser on a busy machine is slow, not broken.
const patience = 120_000;

before(async () => {
  const chromium = (await imported("@sparticuz/chromium")).default;
  const puppeteer = (await imported("puppeteer-core")).default;
  // Nothing has an address: what the page asked for would fail, and is counted below.
  const args = ["--no-sandbox", "--no-zygote", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"];
  const executablePath = await chromium.executablePath();
  browser = await puppeteer.launch({ executablePath, args, headless: "shell", timeout: patience });
});

after(() => browser?.close());

// Opens a page and fails if it asks for anything, breaks, or breaks its own security policy.
async function opened(name, { viewport = desktop, theme = "light", script = true, policy = true } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  const wrong = [];
  page.on("request", (request) => { if (request.url() !== address(name)) wrong.push(`asks for ${request.url()}`); });
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error") wrong.push(`console: ${message.text()}`); });
  await page.setBypassCSP(!policy);
  await page.setJavaScriptEnabled(script);
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.goto(address(name));
  return { page, wrong, done: async () => { await page.close(); assert.deepEqual(wrong, []); } };
}

const shown = (page) => page.$$eval(".finding", (all) => all.filter((one) => one.checkVisibility()).length);
const count = (page) => page.$eval("#count", (element) => element.textContent);
const settled = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));

test("the markup is valid", async () => {
  const { HtmlValidate } = await imported("html-validate");
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: {
      // Filters act at once: there is nothing to submit.
      "wcag/h32": "off",
    },
  });
  for (const name of names.filter((name) => name !== "large")) {
    const report = await validator.validateString(await readFile(process.env[`PAGE_${name.toUpperCase()}`], "utf8"));
    const said = report.results.flatMap((result) => result.messages.map((one) => `${one.line}:${one.column} ${one.ruleId}: ${one.message}`));
    assert.deepEqual(said, [], name);
  }
});

test("it is accessible, in light and dark, on a desktop and on a phone, folded and unfolded", async () => {
  const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  for (const name of ["verified", "hostile", "empty"]) {
    for (const theme of ["light", "dark"]) {
      for (const viewport of [desktop, phone]) {
        const { page, done } = await opened(name, { theme, viewport });
        await page.evaluate(axe);
        await page.evaluate(() => document.getElementById("suppressed")?.click());
        await page.$$eval("details", (all) => all.forEach((one) => { one.open = true; }));
        await settled(page);
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`));
        });
        assert.deepEqual(found, [], `${name} ${theme} ${viewport.width}`);
        const { wide, room } = await page.evaluate(() => ({ wide: document.scrollingElement.scrollWidth, room: innerWidth }));
        assert.ok(wide <= room, `${name} is ${wide} wide on a screen of ${room}`);
        await done();
      }
    }
  }
});

test("filters narrow the findings and say how many are left", async () => {
  const { page, done } = await opened("verified");
  assert.equal(await count(page), "14 of 15 findings shown");
  assert.equal(await shown(page), 14);
  await page.click("#suppressed");
  assert.equal(await shown(page), 15);
  await page.click("[name=error]");
  await settled(page);
  assert.equal(await count(page), "3 of 15 findings shown");
  await page.select("#rule", "unused-ignore");
  await settled(page);
  assert.equal(await shown(page), 1);
  await page.click("#filters [type=reset]");
  await settled(page);
  assert.equal(await count(page), "14 of 15 findings shown");
  await page.type("#search", "VAULT-token db3");
  await settled(page);
  assert.equal(await count(page), "2 of 15 findings shown");
  assert.equal(await page.$$eval(".group", (all) => all.filter((one) => one.checkVisibility()).length), 1);
  await page.click("#filters [type=reset]");
  await page.select("#module", "infra");
  await settled(page);
  assert.equal(await shown(page), 7);
  await page.select("#group", "module");
  await settled(page);
  assert.deepEqual(await page.$$eval(".group:not([hidden]) h3", (all) => all.map((one) => one.textContent)), ["infra 7"]);
  await page.click("#filters [type=reset]");
  await settled(page);
  assert.equal(await page.$$eval("#groups > .group", (all) => all.length), 3);
  assert.equal(await page.$eval("#count", (element) => element.getAttribute("role")), "status");
  await done();
});

test("a link to a finding shows it, whatever the filters say", async () => {
  const { page, done } = await opened("verified");
  const hidden = await page.$eval(".finding[hidden]", (one) => one.id);
  await page.evaluate((id) => { location.hash = id; }, hidden);
  await settled(page);
  assert.equal(await page.$eval(`#${hidden}`, (one) => one.checkVisibility()), true);
  await done();
});

test("commands are copied, or selected where copying is forbidden", async () => {
  for (const allowed of [true, false]) {
    const { page, done } = await opened("verified");
    const copied = await page.evaluateHandle((allowed) => {
      const said = { text: null };
      const writeText = async (text) => { if (!allowed) throw new Error("forbidden"); said.text = text; };
      Object.defineProperty(navigator, "clipboard", { value: { writeText } });
      return said;
    }, allowed);
    await page.focus(".rotation .copy");
    await page.keyboard.press("Enter");
    await settled(page);
    const command = await page.$eval(".rotation .command code", (code) => code.textContent);
    const got = allowed ? (await copied.jsonValue()).text : await page.evaluate(() => getSelection().toString());
    assert.equal(got, command);
    assert.match(await page.$eval("#said", (element) => element.textContent), allowed ? /^Copied/ : /^Selected/);
    await done();
  }
});

test("the keyboard reaches everything, and one sees where it is", async () => {
  const { page, done } = await opened("verified");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the findings");
  const seen = new Set();
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return null;
      globalThis.known ??= [];
      if (!globalThis.known.includes(element)) globalThis.known.push(element);
      const outline = getComputedStyle(element).outlineStyle;
      return { index: globalThis.known.indexOf(element), outline, tag: element.tagName, id: element.id };
    });
    if (!focused || seen.has(focused.index)) break;
    assert.notEqual(focused.outline, "none", JSON.stringify(focused));
    seen.add(focused.index);
  }
  const focusable = await page.$$eval("a[href], button, input, select, summary, [tabindex='0']", (all) => all.filter((one) => one.checkVisibility()).length);
  assert.ok(seen.size >= focusable - 1, `${seen.size} of ${focusable}`);
  await page.focus(".finding summary");
  await page.keyboard.press("Space");
  assert.equal(await page.$eval(".finding details", (one) => one.open), true);
  await done();
});

test("light and dark can be chosen, and the choice is kept", async () => {
  const { page, done } = await opened("verified", { theme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.click("#theme");
  const light = await ground();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await ground(), light);
  await page.click("#theme");
  assert.equal(await ground(), dark);
  assert.equal(await page.$eval("#theme", (button) => button.textContent), "Theme: dark");
  await done();
});

test("everything can be read without a script, and printed", async () => {
  const { page, done } = await opened("verified", { script: false });
  assert.equal(await shown(page), 15);
  assert.equal(await page.$$eval(".scripted", (all) => all.filter((one) => one.checkVisibility()).length), 0);
  await page.emulateMediaType("print");
  const remedies = await page.$$eval(".finding details > p", (all) => all.map((one) => one.getBoundingClientRect().height));
  assert.ok(remedies.length > 12 && remedies.every((height) => height > 0), "a printed page shows what is folded");
  assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  await done();
});

test("hostile names are text, even without the security policy", async () => {
  for (const policy of [true, false]) {
    const { page, done } = await opened("hostile", { policy });
    await page.evaluate(() => document.querySelectorAll("*").forEach((element) => element.dispatchEvent(new MouseEvent("mouseover"))));
    await settled(page);
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    const tags = await page.$$eval("*", (all) => [...new Set(all.map((one) => one.localName))]);
    for (const tag of ["img", "iframe", "base", "object", "embed"]) assert.ok(!tags.includes(tag), tag);
    assert.equal(await page.$$eval("script, style", (all) => all.length), 2);
    const handlers = await page.$$eval("*", (all) => all.flatMap((one) => one.getAttributeNames()).filter((name) => /^on|^style$/.test(name)));
    assert.deepEqual(handlers, []);
    const links = await page.$$eval("a[href]", (all) => all.map((one) => one.getAttribute("href")));
    assert.ok(links.every((link) => /^(#[a-z0-9-]+$|https:\/\/)/.test(link)), links.join(" "));
    const text = await page.evaluate(() => document.body.textContent);
    assert.ok(text.includes("<script>window.pwned = 1</script>") && text.includes("&lt;b&gt; &amp;"), "it is shown as it is");
    assert.ok(text.includes("\\u{202e}"), "what reorders is named");
    await page.select("#group", "module");
    await page.type("#search", "<script>");
    await settled(page);
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    await done();
  }
});

test("5,000 findings are searched and grouped", async () => {
  const { page, done } = await opened("large");
  assert.equal(await count(page), "5,000 of 5,000 findings shown");
  const times = await page.evaluate(async () => {
    const timed = async (id, value) => {
      const start = performance.now();
      const element = document.getElementById(id);
      element.value = value;
      element.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve)), 160));
      return performance.now() - start;
    };
    return [await timed("search", "argument 7 of modules/m19 "), await timed("search", ""), await timed("group", "module")];
  });
  // For whoever looks: how long it takes depends on what else the machine does.
  console.log(`large page, ms: ${times.map(Math.round)}`);
  assert.equal(await page.$$eval("#groups > .group", (all) => all.length), 200);
  await done();
});
