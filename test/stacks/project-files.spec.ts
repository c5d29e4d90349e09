import * as fs from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { keys, parseConfig } from "../../stacks/config.js";
import { isRecord } from "../../lib/record.js";
import { projectAt } from "../../stacks/config/project.js";

const config = (file: string): Record<string, unknown> => {
  const content: unknown = parse(fs.readFileSync(file, "utf8"));
  if (!isRecord(content) || !isRecord(content["config"])) throw new Error(`${file} has no config`);
  return content["config"];
};

describe("Pulumi.yaml", () => {
  const declared = Object.entries(config("Pulumi.yaml"));
  const fleetKeys = declared.filter(([key]) => !key.startsWith("pulumi:"));

  it("declares every key that the program reads, with the same default", () => {
    const defaults = fleetKeys.map(([key, schema]) =>
      isRecord(schema) && "default" in schema ? [key, { default: schema["default"] }] : [key, {}],
    );
    const read = Object.entries(keys).map(([key, { default: value }]) =>
      value === undefined ? [key, {}] : [key, { default: value }],
    );
    expect(Object.fromEntries(defaults)).to.deep.equal(Object.fromEntries(read));
  });

  it("has a type and a description for each", () => {
    for (const [key, schema] of fleetKeys)
      expect(schema, key).to.include.keys("type", "description");
  });

  it("turns default providers off for every stack", () => {
    expect(config("Pulumi.yaml")["pulumi:disable-default-providers"]).to.deep.equal({
      value: ["*"],
    });
  });
});

describe("The stack files", () => {
  for (const stack of ["log", "member"]) {
    it(`of ${stack} can be deployed as they are, lock included`, () => {
      const written = Object.entries(config(`Pulumi.${stack}.yaml`));
      const raw = Object.fromEntries(
        written.map(([key, value]) => [key.replace(/^fleet:/, ""), value]),
      );
      expect(parseConfig(raw, projectAt("."))).to.have.property("role", stack);
    });
  }
});
