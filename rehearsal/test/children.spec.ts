import { expect } from "chai";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { alive, descendants, until } from "../../test/support/processes.js";

const PROJECT = resolve(__dirname, "..", "..");

/** So long may take what a killed process leaves behind to end. */
const MOMENT = 5000;

/** A program of the project's kind that keeps its process busy for ever. */
const ENDLESS = `
  import { writeFileSync } from "node:fs";
  writeFileSync("pid.txt", String(process.pid));
  for (;;);
`;

/** Runs it as a rehearsal does. */
const runs = (folder: string) => `
  import { Programs } from ${JSON.stringify(join(PROJECT, "rehearsal", "program", "programs.ts"))};
  void new Programs().check(
    { folder: ${JSON.stringify(folder)}, name: "tiny", main: "${join(folder, "index.ts")}" },
    [{ name: "one", file: "Pulumi.one.yaml", config: {} }] as never,
  );
`;

describe("processes that a rehearsal has started", function () {
  this.timeout(120_000);
  let folder: string;
  const started: ChildProcess[] = [];
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-children-"))));
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  const start = (file: string, ...args: string[]) => {
    const child = spawn(process.execPath, ["--require", "tsx/cjs", file, ...args], {
      cwd: PROJECT,
      stdio: "ignore",
      env: { ...process.env, INIT_CWD: folder },
    });
    started.push(child);
    const ended = new Promise<string | number | null>((done) => {
      child.once("exit", (code, signal) => done(signal ?? code));
    });
    return { pid: child.pid ?? 0, kill: (signal: NodeJS.Signals) => child.kill(signal), ended };
  };
  const rehearse = (...args: string[]) => start(join(PROJECT, "rehearsal", "main.ts"), ...args);

  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    it(`end when it is ended by ${signal}, whatever they are at`, async () => {
      const { pid, kill, ended } = rehearse();
      await until(() => descendants(pid).length >= 2);
      // They load modules now, and a moment later they run the program.
      const children = descendants(pid);
      kill(signal);
      expect(await ended).to.equal(signal);
      await until(() => alive(children).length === 0, MOMENT);
    });
  }

  it("end with it when the program of a stack never ends", async () => {
    writeFileSync(join(folder, "index.ts"), ENDLESS);
    writeFileSync(join(folder, "runs.ts"), runs(folder));
    const { pid, kill, ended } = start(join(folder, "runs.ts"));
    const pidFile = join(folder, "pid.txt");
    await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
    const child = Number(readFileSync(pidFile, "utf8"));
    expect(descendants(pid)).to.include(child);
    kill("SIGKILL");
    expect(await ended).to.equal("SIGKILL");
    await until(() => alive([child]).length === 0, MOMENT);
  });

  const scenarios: [what: string, code: number, scenario: string][] = [
    ["passes", 0, "name: a"],
    ["fails", 2, "name: a\nthen:\n  hosts:\n    web: { status: Failed }"],
    ["meets a mistake", 1, "name: a\ngiven:\n  config:\n    member: { account: '1234' }"],
  ];
  for (const [what, code, scenario] of scenarios) {
    it(`have all ended before it ends by itself: one that ${what}`, async () => {
      writeFileSync(join(folder, "a.yaml"), `${scenario}\n`);
      const { pid, ended } = rehearse("--scenario", "a.yaml");
      const children = new Set<number>();
      const watch = setInterval(() => {
        for (const child of descendants(pid)) children.add(child);
      }, 100);
      const outcome = await ended;
      clearInterval(watch);
      expect([outcome, alive([...children])]).to.deep.equal([code, []]);
      expect(children.size).to.be.greaterThan(1);
    });
  }
});
