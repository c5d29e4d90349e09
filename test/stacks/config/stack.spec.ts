import { expect } from "chai";
import { readConfig } from "../../../stacks/config.js";
import {
  maxStackName,
  namespaceProblems,
  stackNameProblems,
} from "../../../stacks/config/stack.js";
import { regionsOf } from "../../../stacks/config/regions.js";
import { deployLog } from "../../../stacks/log.js";
import { deployMember } from "../../../stacks/member.js";
import { logConfig, logExports, memberConfig } from "../../support/configs.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

/** AWS's limits for names that Pulumi makes, in characters. */
const limits: Readonly<Record<string, number>> = {
  "aws:iam/role:Role": 64,
  "aws:iam/rolePolicy:RolePolicy": 128,
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:s3/bucket:Bucket": 63,
  "aws:sqs/queue:Queue": 80,
  "aws:ec2/securityGroup:SecurityGroup": 255,
};

describe("The name of a stack", () => {
  it("leaves room for the name of every resource, in the Region with the longest name", async () => {
    const all = Object.values(regionsOf).flat();
    const [region = ""] = [...all].sort((a, b) => b.length - a.length);
    const regions = [region];
    const log = await mockProgram();
    await deployLog(logConfig({ regions, partition: partitionOf(region), packages: [] }));
    await log.settled();
    const member = await mockProgram({
      stacks: {
        "organization/fleet/log": logExports({ regions, partition: partitionOf(region) }),
      },
    });
    const sessionUsers = {
      principals: [`arn:${partitionOf(region)}:iam::333333333333:root`],
    };
    const none = { hosts: {}, vpc: "", regions, partition: partitionOf(region) };
    await deployMember(memberConfig({ ...none, sessionUsers }));
    await member.settled();
    const room = [log, member].flatMap(roomIn);
    expect(room.length).to.be.greaterThan(8);
    expect(Math.min(...room.map(({ left }) => left))).to.equal(maxStackName);
  });

  /** By resource, how long a stack's name can be. */
  const roomIn = (program: MockedProgram) =>
    program.resources.flatMap(({ type, name, inputs }) => {
      const limit = limits[type];
      if (limit === undefined || inputs["name"] !== undefined) return [];
      return [{ name, left: limit - `${name}--1234567`.length }];
    });

  it("is reported when it is too long or has capitals, and is a name otherwise", () => {
    expect(stackNameProblems("member")).to.deep.equal([]);
    expect(stackNameProblems("m".repeat(maxStackName))).to.deep.equal([]);
    for (const name of ["Member", "my_member", "m".repeat(maxStackName + 1)]) {
      expect(stackNameProblems(name)).to.deep.equal([
        {
          key: "stack",
          reason: `expected 1-28 letters a-z, digits or -, as the names of resources are made of it, got "${name}" (${name.length}); rename the stack and its file`,
        },
      ]);
    }
  });

  it("is reported with all other problems", async () => {
    const packages = JSON.stringify([{ name: "tool", install: "if then" }]);
    const config = { "flet:vpc": "main", "fleet:role": "both", "fleet:packages": packages };
    await mockProgram({ stack: "Member", config });
    const message = await readConfig().then(String, (error: unknown) => (error as Error).message);
    expect(message).to.match(
      /^\d+ problems in the configuration\n {2}stack: [^\n]*\n {2}flet:vpc: [^\n]*\n {2}fleet:packages\[0\]\.install: expected a line of shell, got "if then"; column /,
    );
  });
});

describe("A namespace", () => {
  it("is reported where nothing reads it; Pulumi's own is not", () => {
    const written = ["fleet:role", "flet:vpc", "fleets:vpc", "pulumi:tags"];
    const others = ["aws:region", "aws:profile", "other:thing"];
    expect(namespaceProblems(others).map(({ key, reason }) => `${key}: ${reason}`)).to.deep.equal([
      'aws:region: expected the namespace fleet, got "aws"; nobody reads it: the Region is the first of fleet:regions',
      'aws:profile: expected the namespace fleet, got "aws"; nobody reads it: the provider has the credentials of the environment (AWS_PROFILE), or fleet:assumeRole',
      'other:thing: expected the namespace fleet, got "other"; nobody reads it: remove it',
    ]);
    expect(namespaceProblems(written)).to.deep.equal([
      { key: "flet:vpc", reason: 'expected the namespace fleet, got "flet"; write fleet:vpc' },
      { key: "fleets:vpc", reason: 'expected the namespace fleet, got "fleets"; write fleet:vpc' },
    ]);
  });
});

function partitionOf(region: string): string {
  const found = Object.entries(regionsOf).find(([, regions]) => regions.includes(region));
  return found?.[0] ?? "aws";
}
