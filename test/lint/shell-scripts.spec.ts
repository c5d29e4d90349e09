import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = [".ci", "packages", "scripts"];

describe("The project's shell scripts", () => {
  const scripts = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  ).filter((file) => /^#!.*\b(ba)?sh\n/.test(readFileSync(file, "utf8")));

  it("are found", () => {
    expect(scripts).to.include.members([
      ".ci/aws-cli/provide",
      ".ci/run",
      ".ci/debian/provide",
      ".ci/pulumi/provide",
      "packages/fleet-facts/fleet-facts",
      "scripts/facts.sh",
    ]);
  });

  it("are clean for shellcheck, which is skipped where the machine has it not", function () {
    this.timeout(60_000);
    const { error, status, stdout } = spawnSync("shellcheck", scripts, { encoding: "utf8" });
    if (error !== undefined && process.env["FLEET_REQUIRE_SHELLCHECK"] !== "1") this.skip();
    expect(error).to.equal(undefined);
    expect([status, stdout]).to.deep.equal([0, ""]);
  });
});
