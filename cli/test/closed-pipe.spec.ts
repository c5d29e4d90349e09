import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";

const PROJECT = resolve(__dirname, "..", "..");
const PROGRAMS: [what: string, args: string[]][] = [
  ["fleet", [join(PROJECT, "cli", "fleet.cjs")]],
  ["the rehearsal", ["--require", "tsx/cjs", join(PROJECT, "rehearsal", "main.ts")]],
];

describe("a program whose reader has gone", function () {
  this.timeout(120_000);
  for (const [what, args] of PROGRAMS) {
    it(`ends without a word, as after SIGPIPE: ${what}`, async () => {
      const child = spawn(process.execPath, [...args, "--help"], { cwd: PROJECT });
      child.stdout.destroy();
      let errors = "";
      child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
      const [code] = (await once(child, "close")) as [number | null];
      expect([code, errors]).to.deep.equal([141, ""]);
    });
  }
});
