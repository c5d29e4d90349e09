import * as fs from "node:fs";
import { expect } from "chai";
import { stringify } from "yaml";
import { lockPackages } from "../../packages/lock.js";
import { ConfigError } from "../../../stacks/config/error.js";
import { entry, rawLog, rawMember } from "../../../test/support/configs.js";
import { inEmptyFolder } from "../../../test/support/folder.js";

type Values = Readonly<Record<string, unknown>>;

function writeStack(name: string, raw: Values): void {
  const config = Object.entries(raw).map(([key, value]) => [`fleet:${key}`, value] as const);
  fs.writeFileSync(`Pulumi.${name}.yaml`, stringify({ config: Object.fromEntries(config) }));
}

const packages = (...values: Values[]) => rawLog({ packages: values.map((value) => entry(value)) });
const refused = (): Promise<string> =>
  lockPackages(".").then(
    () => "it was taken",
    (error: unknown) => {
      if (error instanceof ConfigError) return error.message;
      throw error;
    },
  );
const locked = () =>
  JSON.parse(fs.readFileSync("packages.lock.json", "utf8")) as Record<string, unknown>;

describe("npm run packages:lock", () => {
  inEmptyFolder();
  beforeEach(() => {
    fs.writeFileSync("Pulumi.yaml", "name: fleet\n");
    fs.mkdirSync("tools");
    fs.writeFileSync("tools/tool", "#!/bin/sh\necho tool\n");
    writeStack("log", packages({}));
    writeStack("member", rawMember());
  });

  it("writes down each version of the log stacks, and says which", async () => {
    expect(await lockPackages(".")).to.deep.equal(["packages.lock.json: added tool 1.0.0"]);
    expect(locked())
      .to.have.nested.property("tool.1\\.0\\.0.linux/_any")
      .that.matches(/^sha256:/);
  });

  it("changes nothing the second time", async () => {
    await lockPackages(".");
    const before = fs.readFileSync("packages.lock.json", "utf8");
    expect(await lockPackages(".")).to.deep.equal([]);
    expect(fs.readFileSync("packages.lock.json", "utf8")).to.equal(before);
  });

  it("keeps the versions of before when there is a new one", async () => {
    await lockPackages(".");
    writeStack("log", packages({ version: "1.1.0", install: "true" }));
    expect(await lockPackages(".")).to.deep.equal(["packages.lock.json: added tool 1.1.0"]);
    expect(locked()).to.have.property("tool").that.has.all.keys("1.0.0", "1.1.0");
  });

  it("is sorted, whatever the order of the config", async () => {
    writeStack("log", packages({ os: "windows" }, { name: "another" }, {}));
    await lockPackages(".");
    const before = fs.readFileSync("packages.lock.json", "utf8");
    fs.rmSync("packages.lock.json");
    writeStack("log", packages({}, { os: "windows" }, { name: "another" }));
    await lockPackages(".");
    expect(fs.readFileSync("packages.lock.json", "utf8")).to.equal(before);
    expect(Object.keys(locked())).to.deep.equal(["another", "tool"]);
  });

  it("refuses to forget what a version held, and writes nothing", async () => {
    await lockPackages(".");
    const before = fs.readFileSync("packages.lock.json", "utf8");
    writeStack("log", packages({ install: "true" }, { name: "new" }));
    expect(await refused()).to.equal(
      "1 problem in the packages\n  packages.lock.json: the content of tool 1.0.0 (linux/_any) changed without a change of version; hosts that have 1.0.0 would never get it: raise the version, or restore the content; if 1.0.0 was never deployed, delete its lines in packages.lock.json and run this again",
    );
    expect(fs.readFileSync("packages.lock.json", "utf8")).to.equal(before);
  });

  it("takes the new content once the line of the version is gone", async () => {
    await lockPackages(".");
    fs.writeFileSync("packages.lock.json", "{}\n");
    writeStack("log", packages({ install: "true" }));
    expect(await lockPackages(".")).to.deep.equal(["packages.lock.json: added tool 1.0.0"]);
  });

  it("says what is wrong with a stack's packages", async () => {
    writeStack("log", packages({ os: "beos" }));
    expect(await refused()).to.match(/fleet:packages\[0\]\.os: expected one of/);
  });

  it("says which lines no shell would run a word of, with all else, also of a version that is locked", async () => {
    await lockPackages(".");
    const windows = { os: "windows", install: "Copy-Item 'tool", executable: "tools/none" };
    writeStack("log", packages({ uninstall: "rm -f (" }, windows));
    const lines = (await refused())
      .split("\n")
      .map((line) => line.replace(/(column \d+): .*/, "$1"));
    expect(lines).to.deep.equal([
      "3 problems in the configuration",
      '  fleet:packages[0].uninstall: expected a line of shell, got "rm -f ("; column 7',
      '  fleet:packages[1].install: expected a line of PowerShell, got "Copy-Item \'tool"; column 11',
      lines.at(-1),
    ]);
    expect(lines.at(-1)).to.match(/^ {2}fleet:packages\[1\]\.executable: expected/);
  });
});
