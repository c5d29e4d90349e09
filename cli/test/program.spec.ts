import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describeError } from "../program.js";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import { ConfigError } from "../../stacks/config/error.js";
import { fleet } from "./support.js";

const PROJECT = resolve(__dirname, "..", "..");

describe("fleet", () => {
  it("explains itself", async () => {
    const { code, out, errors } = await fleet(PROJECT, ["--help"]);
    expect([code, errors]).to.deep.equal([0, ""]);
    expect(out).to.include(
      "Exit code: 0 done; 1 wrong input or no permission; 2 some of it failed.",
    );
  });

  it("ends with 1 for a command that it does not know", async () => {
    expect(await fleet(PROJECT, ["pakages"])).to.deep.include({ code: 1, out: "" });
  });

  it("reports mistakes and refusals without a stack trace, each with its exit code", () => {
    const shown = [
      new UserError("nothing was done"),
      new UserError("2 of 3 failed", EXIT.someFailed),
      new ConfigError("the configuration", [{ key: "fleet:role", reason: "expected one" }]),
      Object.assign(new Error("no such bucket"), { name: "NoSuchBucket", $metadata: {} }),
      new Error("a surprise"),
    ].map((error) => describeError(error));
    expect(shown).to.deep.equal([
      [1, "nothing was done"],
      [2, "2 of 3 failed"],
      [1, "1 problem in the configuration\n  fleet:role: expected one"],
      [1, "NoSuchBucket: no such bucket (FLEET_TRACE=1 shows where it comes from)"],
      [1, "a surprise (FLEET_TRACE=1 shows where it comes from)"],
    ]);
  });

  it("runs from any folder", function () {
    this.timeout(30_000);
    const launcher = join(PROJECT, "cli", "fleet.cjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, "--help"], {
      cwd: tmpdir(),
      encoding: "utf8",
    });
    expect([status, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^Usage: fleet /);
  });
});
