import { expect } from "chai";
import { deployMember } from "../../stacks/member.js";
import { inChina, logExports, memberConfig, runExports } from "../support/configs.js";
import type { MockedProgram, MockedProgramOptions } from "../support/mocked-program.js";
import { mockProgram } from "../support/mocked-program.js";

const invokes = {
  "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
  "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
  "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
};
const memberProgram = (
  exported: Record<string, unknown> = logExports(),
  options?: MockedProgramOptions,
) =>
  mockProgram({
    stack: "member",
    invokes,
    stacks: { "organization/fleet/log": exported },
    ...options,
  });

describe("The member stack", () => {
  it("is bound to its account", async () => {
    const program = await memberProgram();
    await deployMember(memberConfig());
    await program.settled();
    const { inputs } = program.only("pulumi:providers:aws");
    expect(inputs).to.include({ region: "eu-central-1", allowedAccountIds: '["222222222222"]' });
    expect(inputs).not.to.have.property("assumeRoles");
  });

  it("bootstraps with the runbook of the repository and the packages of the log account", async () => {
    const program = await memberProgram(logExports({ prefix: "own" }));
    await deployMember(memberConfig({ prefix: "own" }));
    await program.settled();
    const { content, name } = program.only(
      "aws:ssm/document:Document",
      "eu-central-1-runbook",
    ).inputs;
    expect(name).to.equal("own-ec2-bootstrap");
    expect(content).to.match(/^# .*\n[^]*schemaVersion: "0\.3"/);
    const target = program.only("aws:cloudwatch/eventTarget:EventTarget", "-running-target").inputs;
    expect(JSON.stringify(target["inputTransformer"])).to.include(
      "arn:aws:ssm:eu-central-1:111111111111:document/own-package-",
    );
  });

  it("lets hosts read the secrets of the packages that are published, and no other parameter", async () => {
    const arns = { "eu-central-1": "arn" };
    const packages = {
      tool: { version: "1.0.0", arns, secrets: ["/tool/token", "/shared"] },
      other: { version: "1.0.0", arns, secrets: ["/shared"] },
    };
    const program = await memberProgram(logExports({ packages }));
    await deployMember(memberConfig());
    await program.settled();
    const policies = program
      .all("aws:iam/rolePolicy:RolePolicy")
      .map(({ inputs }) => inputs["policy"]);
    const statements = (policies as { Statement: Record<string, unknown>[] }[]).flatMap(
      ({ Statement }) => Statement,
    );
    expect(statements.find(({ Sid }) => Sid === "ReadSecrets")?.["Resource"]).to.deep.equal([
      "arn:aws:ssm:*:222222222222:parameter/shared",
      "arn:aws:ssm:*:222222222222:parameter/tool/token",
    ]);
  });

  describe("where the log account runs scripts", () => {
    const names = (program: MockedProgram) =>
      program.all("aws:iam/role:Role").map(({ inputs }) => inputs["name"]);
    const hostSids = (program: MockedProgram) => {
      const { policy } = program.only("aws:iam/rolePolicy:RolePolicy", "hosts-role").inputs;
      return (policy as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
    };
    const roles = ["AWS-SystemsManager-AutomationExecutionRole", "cf-run-reader"];

    it("in it, lets its runs in and its hosts write", async () => {
      const program = await memberProgram(logExports({ runs: runExports() }));
      await deployMember(memberConfig());
      await program.settled();
      expect(names(program)).to.include.members(roles);
      expect(hostSids(program)).to.include.members(["WriteOutput", "EncryptOutput"]);
    });

    for (const [what, runs] of Object.entries({
      "in others": runExports({ accounts: ["333333333333"] }),
      nowhere: undefined,
    })) {
      it(`${what}, has nothing for it`, async () => {
        const program = await memberProgram(logExports({ runs }));
        await deployMember(memberConfig());
        await program.settled();
        expect(names(program)).to.not.include.members(roles);
        expect(hostSids(program)).to.not.include("WriteOutput");
      });
    }

    it("lets hosts write into the buckets of its own Regions alone", async () => {
      const regions = ["eu-central-1", "eu-west-1"];
      const written = async (...own: readonly string[]) => {
        const program = await memberProgram(logExports({ regions, runs: runExports() }));
        await deployMember(memberConfig({ regions: own, vpc: "", hosts: {} }));
        await program.settled();
        const { policy } = program.only("aws:iam/rolePolicy:RolePolicy", "hosts-role").inputs;
        const { Statement } = policy as { Statement: { Sid: string; Resource: unknown }[] };
        return Statement.find(({ Sid }) => Sid === "WriteOutput")?.Resource;
      };
      const output = (bucket: string) => `arn:aws:s3:::${bucket}/output/222222222222/*`;
      const own = output("cf-output-111111111111-eu-west-1");
      const central = output("packages-storage-bucket-log-1234567");
      expect(await written("eu-west-1")).to.deep.equal([own]);
      expect(await written(...regions)).to.deep.equal([own, central]);
    });
  });

  it("launches its hosts only when what bootstraps them is complete", async () => {
    const program = await memberProgram();
    await deployMember(memberConfig());
    await program.settled();
    const host = program.only("fleet:index:ManagedHost");
    expect(host.dependsOn).to.include.members([
      ...program.all("aws:cloudwatch/eventTarget:EventTarget").map(({ urn }) => urn),
      ...program.all("aws:ssm/document:Document").map(({ urn }) => urn),
      ...program
        .all("aws:iam/rolePolicy:RolePolicy")
        .flatMap(({ name, urn }) => (name.startsWith("bootstrap-") ? [urn] : [])),
    ]);
    const order = program.resources.map(({ type }) => type);
    expect(order.indexOf("aws:ec2/instance:Instance")).to.be.greaterThan(
      order.lastIndexOf("aws:cloudwatch/eventTarget:EventTarget"),
    );
  });

  it("needs neither hosts nor a VPC", async () => {
    const program = await memberProgram();
    await deployMember(memberConfig({ vpc: "", hosts: {} }));
    await program.settled();
    expect(program.invokes).to.deep.equal([]);
    expect(program.all("aws:iam/instanceProfile:InstanceProfile")).to.have.length(1);
  });

  it("works in China", async () => {
    const program = await memberProgram(logExports(inChina));
    await deployMember(memberConfig(inChina));
    await program.settled();
    const runbook = program.only("aws:ssm/document:Document", "cn-north-1-runbook");
    const others = program.resources.filter((resource) => resource !== runbook);
    expect(JSON.stringify(others)).not.to.include("arn:aws:");
  });

  const refusals: readonly [what: string, exported: Record<string, unknown>, message: string][] = [
    [
      "a log stack that is not deployed",
      {},
      '1 problem in what stack "organization/fleet/log" exports\n  outputs: expected those of a log stack, got none; deploy it before its members',
    ],
    [
      "outputs that are not those of a log stack",
      logExports({ account: "1", packages: undefined }),
      '2 problems in what stack "organization/fleet/log" exports\n  outputs.account: expected 12 digits, got "1"; write the account id in quotes\n  outputs.packages: expected packages by name, got nothing',
    ],
    [
      "a log stack of another partition, without the member's Region",
      logExports(inChina),
      '2 problems in the configuration\n  fleet:partition: expected aws-cn as in stack "organization/fleet/log", got aws; nothing is shared between partitions\n  fleet:regions[0]: expected a Region of stack "organization/fleet/log" (cn-north-1), got "eu-central-1"; add it there first',
    ],
    [
      "a package that nobody published",
      logExports({ packages: {} }),
      '1 problem in the configuration\n  fleet:hosts.web.packages[0]: expected a package of stack "organization/fleet/log" (none yet), got "tool"; publish it there first',
    ],
    [
      "a package that is shared with others, and another prefix",
      logExports({
        prefix: "fl",
        packages: { tool: { version: "1.0.0", arns: {}, sharedWith: ["333333333333"] } },
      }),
      '2 problems in the configuration\n  fleet:prefix: expected "fl" as in stack "organization/fleet/log", got "cf"; each looks for names of the other that begin so: set the same in both\n  fleet:hosts.web.packages[0]: expected a package that stack "organization/fleet/log" shares with 222222222222, got "tool", which is shared with 333333333333; add the account to its share there',
    ],
    [
      "the account of the log stack",
      logExports({ account: "222222222222" }),
      '1 problem in the configuration\n  fleet:account: expected an account of its own, got "222222222222", which is that of stack "organization/fleet/log"; hosts live in other accounts',
    ],
  ];
  for (const [what, exported, message] of refusals) {
    it(`refuses ${what}, before anything is declared`, async () => {
      const program = await memberProgram(exported);
      const failure = await deployMember(memberConfig()).then(
        () => undefined,
        (error: Error) => error,
      );
      await program.settled();
      expect(failure?.message).to.equal(message);
      expect(program.resources).to.deep.equal([]);
    });
  }
});
