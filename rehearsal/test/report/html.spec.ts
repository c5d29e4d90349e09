import { expect } from "chai";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { htmlReport, safeJson } from "../../report/html/html.js";
import { rehearse } from "../../rehearse.js";
import type { Report } from "../../report/schema.js";
import { oneHostStacks } from "../../../test/support/one-host.js";
import { HOSTILE, manyHosts } from "./reports.js";

const PROJECT = resolve(__dirname, "..", "..", "..");
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ARGUMENTS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
/** Elements of a page that has just opened, however many hosts there are. */
const MAX_ELEMENTS = 1_500;

describe("JSON in a page", () => {
  it("neither ends the script element nor a line of JavaScript, and is the same value", () => {
    const value = { text: `${HOSTILE}\u2029<!-- & -->` };
    const json = safeJson(value);
    expect(json).to.not.match(/[<>&\u2028\u2029]/);
    expect(JSON.parse(json)).to.deep.equal(value);
  });
});

describe(`the HTML report, in the Chromium at ${CHROMIUM}`, function () {
  this.timeout(120_000);
  const stackConfig = oneHostStacks();
  let folder: string;
  let browser: BrowserContext;
  let page: Page;
  let real: Report;
  let requests: string[];
  let complaints: string[];

  before(async function () {
    if (!existsSync(CHROMIUM)) {
      if (process.env["FLEET_REQUIRE_CHROMIUM"] === "1") {
        throw new Error(`FLEET_REQUIRE_CHROMIUM=1, but there is none at ${CHROMIUM}`);
      }
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "fleet-html-"));
    const scenarios = ["private-network", "missing-pass-role", "failing-install"].map((name) =>
      join(PROJECT, "scenarios", `${name}.yaml`),
    );
    real = await rehearse({ project: PROJECT, stackConfig: stackConfig(), scenarios });
    const options = { executablePath: CHROMIUM, args: ARGUMENTS.split(" ") };
    browser = await chromium.launchPersistentContext(join(folder, "profile"), options);
  });
  after(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    [requests, complaints] = [[], []];
    page = await browser.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    const address = pathToFileURL(join(folder, "report.html")).href;
    await page.close();
    expect(complaints, "what the console says").to.deep.equal([]);
    expect(new Set(requests.map((url) => url.replace(/#.*/, ""))), "what was loaded").to.deep.equal(
      new Set([address]),
    );
  });

  /** Opens a report, at one of its scenarios by number. */
  const open = async (report: Report, scenario = 0) => {
    const file = join(folder, "report.html");
    writeFileSync(file, htmlReport(report));
    await page.goto(`${pathToFileURL(file).href}#scenario-${scenario}`);
  };
  const rows = () => page.locator("button.row");
  const search = (text: string) => page.getByRole("searchbox").fill(text);

  it("reports the outcome, every scenario, and the figures of one", async () => {
    await open(real);
    expect(await page.title()).to.equal("Rehearsal passed");
    const links = await page.locator(".overview a").allInnerTexts();
    expect(links).to.deep.equal(real.scenarios.map(({ name }) => name));
    const figures = await page.locator(".figures").innerText();
    expect(figures).to.include("1 of 1").and.to.include("none failed");
    const { billedSteps = 0, scriptSeconds = 0, price = 0 } = real.scenarios[0]?.totals ?? {};
    expect(figures).to.include(`$${price.toFixed(4)} a host that is ready`);
    expect(figures).to.include(`${billedSteps} steps, ${scriptSeconds} script seconds`);
    await page.locator(".overview a").nth(1).click();
    expect(await page.locator("h2").innerText()).to.include(real.scenarios[1]?.name);
  });

  it("shows a denied call with the statement that is missing, its place, and the lost start", async () => {
    await open(real, 1);
    const findings = await page.locator(".finding").allInnerTexts();
    expect(findings).to.have.length(2);
    expect(findings[0]).to.match(
      /^2 denied calls\n+iam:PassRole on arn:aws:iam::222222222222:role/,
    );
    expect(findings[0]).to.match(/Missing in a policy of role bootstrap-roles-rules\S*:\n+/);
    expect(findings[0]).to.include('"Action": "iam:PassRole"');
    expect(findings[1]).to.match(/^2 events in dead-letter queues\n+NO_PERMISSIONS in /);
    expect(await rows().allInnerTexts()).to.have.length(1);
    expect(await rows().innerText()).to.match(/^✗ failed\nweb i-/);
  });

  it("opens a host: its steps on the axis of time, why one failed, its command's output", async () => {
    await open(real, 2);
    await rows().click();
    expect(await rows().getAttribute("aria-expanded")).to.equal("true");
    const detail = page.locator(".detail");
    const { runs = [], commands = [] } = real.scenarios[2]?.hosts[0] ?? {};
    const steps = runs.flatMap((run) => run.steps);
    const lines = await detail.locator(".step:not(.head)").allInnerTexts();
    for (const { name } of steps) expect(lines.join("\n")).to.include(name);
    expect(lines.filter((line) => / command/.test(line))).to.have.length(commands.length);
    const failed = steps.filter(({ status }) => status !== "Success").length;
    expect(await detail.locator(".bar.bad").count()).to.equal(failed + 1);
    await detail.getByText("aws:configurePackage: exit code 1, output").click();
    expect(await detail.innerText()).to.include("install errors: cp: cannot copy");
    await rows().click();
    expect(await detail.count()).to.equal(0);
  });

  it("names at a run that left the host to another one which that is", async () => {
    await open(real);
    await rows().click();
    const [first] = real.scenarios[0]?.hosts[0]?.runs ?? [];
    const second = await page.locator(".run").nth(1).innerText();
    expect(second).to.include(`another run is at it: ${first?.executionId ?? ""}`);
  });

  it("opens with few elements however many hosts there are, and makes rows as they are scrolled to", async () => {
    await open(manyHosts(real, 1_000));
    expect(await page.locator("*").count()).to.be.below(MAX_ELEMENTS);
    expect(await page.locator(".chart path").count()).to.equal(2);
    const first = await rows().count();
    expect(first).to.be.within(30, 120);
    await page.locator(".end").scrollIntoViewIfNeeded();
    await rows().nth(first).waitFor();
    await page.locator("html").dispatchEvent("beforeprint");
    expect(await rows().count()).to.equal(1_000);
  });

  it("finds hosts by name, account and what happened, and those that failed", async () => {
    await open(manyHosts(real, 1_000));
    const found = async () => (await page.getByRole("status").innerText()).trim();
    expect(await found()).to.equal("1,000 of 1,000 hosts");
    await search("web-123");
    expect(await found()).to.equal("1 of 1,000 hosts");
    await search("333333333333");
    expect(await found()).to.equal("333 of 1,000 hosts");
    await search("NO DISK  333333333333");
    expect(await found()).to.equal("33 of 1,000 hosts");
    await search("agent is online");
    expect(await found()).to.equal("1,000 of 1,000 hosts");
    await search("");
    await page.getByRole("checkbox").check();
    expect(await found()).to.equal("100 of 1,000 hosts");
    expect(new Set(await rows().locator(".word").allInnerTexts())).to.deep.equal(
      new Set(["✗ failed"]),
    );
  });

  it("is worked by the keyboard alone", async () => {
    await open(manyHosts(real, 100));
    await page.keyboard.press("/");
    await page.keyboard.type("web-3");
    expect(await rows().count()).to.equal(11);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await rows().nth(1).getAttribute("aria-expanded")).to.equal("true");
    await page.keyboard.press("/");
    await page.keyboard.press("Escape");
    expect(await rows().count()).to.be.above(11);
  });

  it("shows hosts' own text as text", async () => {
    await open(manyHosts(real, 20));
    await search("web-7");
    await rows().click();
    expect(await page.locator(".detail").innerText()).to.include(HOSTILE.trim());
    expect(await page.title()).to.equal("Rehearsal failed");
    expect(await page.locator("img").count()).to.equal(0);
  });
});
