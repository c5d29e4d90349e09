import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { logOutputs, runnerOutputs } from "../../lib/log-outputs.js";
import { logExports, runExports } from "../support/configs.js";

describe("The schema of the log stack's outputs", () => {
  it("takes what the stack exports, with and without scripts over accounts", () => {
    const outputs = logExports({ runs: runExports() });
    expect(logOutputs.parse(outputs)).to.deep.equal(outputs);
    expect(logOutputs.parse(logExports())).to.deep.equal(logExports());
    expect(runnerOutputs.parse(outputs).runs).to.deep.equal(outputs["runs"]);
  });

  it("says of each output what was expected and what came", () => {
    const { error } = runnerOutputs.safeParse(logExports({ account: 1, regions: [] }));
    expect(error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).to.deep.equal(
      [
        "account: expected 12 digits, got 1; write the account id in quotes",
        "regions: expected a list of at least one Region, got []",
        "runs: expected what runs need, got nothing",
      ],
    );
  });

  it("loads without the Pulumi SDK, which takes seconds", () => {
    const loaded = execFileSync(
      process.execPath,
      [
        "--require",
        "tsx/cjs",
        "--eval",
        `require("./lib/log-outputs.ts"); console.log(Object.keys(require.cache).join("\\n"));`,
      ],
      { encoding: "utf8" },
    );
    expect(loaded).to.include("lib/log-outputs.ts").and.not.include("@pulumi");
  });
});
