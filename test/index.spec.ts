import * as fs from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { ConfigError } from "../stacks/config/error.js";
import { logExports } from "./support/configs.js";
import type { MockedProgram } from "./support/mocked-program.js";
import { mockProgram } from "./support/mocked-program.js";
import program from "../index.js";

/** A stack file's config as the CLI hands it to the program: text, or JSON for what is no text. */
function configOf(stack: string, changes: Record<string, unknown> = {}): Record<string, string> {
  const file = parse(fs.readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
    config: Record<string, unknown>;
  };
  const all = Object.entries({ ...file.config, ...changes });
  return Object.fromEntries(
    all.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

const mocked = (config: Record<string, string>): Promise<MockedProgram> =>
  mockProgram({
    config,
    stacks: { "organization/fleet/log": logExports({ packages: { "fleet-facts": published } }) },
    invokes: {
      "archive:index/getFile:getFile": () => ({ outputSha256: "ab", outputPath: "x.zip" }),
      "aws:organizations/getOrganization:getOrganization": () => ({
        id: "o-a1b2c3d4e5",
        accounts: ["111111111111", "222222222222"].map((id) => ({ id, state: "ACTIVE" })),
      }),
      "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
      "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
      "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
    },
  });
const published = { version: "1.0.0", arns: {} };

describe("The program", () => {
  it("publishes fleet-facts for the example member with the log stack's file", async () => {
    const log = await mocked(configOf("log"));
    await program();
    await log.settled();
    const documents = log.resources
      .filter(({ type }) => type === "aws:ssm/document:Document")
      .map(({ inputs }) => inputs);
    expect(documents.find(({ name }) => name === "cf-package-fleet-facts")).to.deep.include({
      versionName: "1.0.0",
      permissions: { type: "Share", account_ids: "222222222222" },
    });
    expect(documents.map(({ name }) => name)).to.include.members([
      "cf-run-script",
      "cf-script-disk-pressure",
    ]);
  });

  it("launches a Linux and a Windows host that want fleet-facts with the member stack's file", async () => {
    const member = await mocked(configOf("member"));
    await program();
    await member.settled();
    const common = {
      "cf.ec2.bootstrap.enabled": "true",
      "cf.ec2.bootstrap.packages": '["fleet-facts"]',
    };
    const hosts = member.resources.filter(({ type }) => type === "aws:ec2/instance:Instance");
    expect(hosts.map(({ inputs }) => inputs["tags"])).to.have.deep.members([
      { Name: "web", "cf.ec2.bootstrap.cloudwatch.config": "linux", ...common },
      { Name: "files", "cf.ec2.bootstrap.cloudwatch.config": "windows", ...common },
    ]);
  });

  it("declares nothing when its config is wrong", async () => {
    const log = await mocked(configOf("log", { "fleet:account": "12", "fleet:packages": "none" }));
    const refused = await program().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(ConfigError);
    expect((refused as ConfigError).message).to.equal(
      '2 problems in the configuration\n  fleet:account: expected 12 digits, got "12"; write the account id in quotes\n  fleet:packages: expected a list, got "none"',
    );
    await log.settled();
    expect(log.resources).to.deep.equal([]);
  });
});
