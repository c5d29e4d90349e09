import { deployLog } from "../../stacks/log.js";
import { deployMember } from "../../stacks/member.js";
import { aVpc } from "../support/account.js";
import { logConfig, logExports, memberConfig, runExports } from "../support/configs.js";
import type { MockedProgram } from "../support/mocked-program.js";
import { mockProgram } from "../support/mocked-program.js";

type Statement = Readonly<Record<string, unknown>>;

/** By `Sid`, in which elements of the statement a `*` stands, as both stacks declare it with every feature in use. */
export async function starredStatements(): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const program of [await logProgram(), await memberProgram()]) {
    const policies = program.resources.flatMap(({ inputs }) => statementsIn(inputs));
    for (const statement of policies) {
      const sid = String(statement["Sid"]);
      const files = found.get(sid) ?? new Set();
      for (const element of ["Principal", "Action", "Resource"]) {
        if ([statement[element]].flat().some(isStarred)) files.add(element);
      }
      found.set(sid, files);
    }
  }
  return found;
}

/** The Region of an ARN may be `*`; nothing else of it is passed over. */
function isStarred(value: unknown): boolean {
  const [arn, partition, service, , ...rest] = String(value).split(":");
  // Those of the mocks, `arn:of:<name>`, have none.
  return (
    arn === "arn" && partition !== "of" ? [partition, service, ...rest].join(":") : String(value)
  ).includes("*");
}

/** The statements of all policies in a resource's inputs, as values or as JSON. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value === "string") {
    return value.startsWith("{") && value.includes('"Statement"')
      ? statementsIn(JSON.parse(value))
      : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const own = (value as { Statement?: Statement[] }).Statement ?? [];
  return [...own, ...Object.values(value).flatMap(statementsIn)];
}

async function logProgram(): Promise<MockedProgram> {
  const program = await mockProgram({
    stack: "log",
    invokes: {
      "archive:index/getFile:getFile": () => ({ outputSha256: "ab", outputPath: "x.zip" }),
      "aws:organizations/getOrganization:getOrganization": () => ({
        id: "o-a1b2c3d4e5",
        accounts: [{ id: "222222222222", state: "ACTIVE" }],
      }),
      "aws:ssoadmin/getInstances:getInstances": () => ({
        arns: ["arn:aws:sso:::instance/ssoins-1"],
        identityStoreIds: ["d-1234567890"],
      }),
    },
  });
  await deployLog(
    logConfig({
      packages: [],
      identityCenter: { accounts: ["222222222222"] },
      runAccounts: ["*"],
      runners: { principals: ["arn:aws:iam::333333333333:root"] },
      routes: [
        { name: "all", sql: "SELECT 1 AS one", schedule: "rate(1 day)", rules: [{ topic: "ops" }] },
      ],
      routeTopics: { ops: [] },
    }),
  );
  await program.settled();
  return program;
}

async function memberProgram(): Promise<MockedProgram> {
  const tool = { version: "1.0.0", arns: { "eu-central-1": "arn" }, secrets: ["/tool/token"] };
  const program = await mockProgram({
    stack: "member",
    invokes: {
      "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
      "aws:ssm/getDocument:getDocument": () => ({ content: "{}", documentType: "" }),
      "aws:directoryservice/getDirectory:getDirectory": () => ({
        dnsIpAddresses: ["10.0.0.10"],
        connectSettings: [],
      }),
      "aws:ec2/getVpc:getVpc": () => ({ ...aVpc }),
      "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
      "aws:ec2/getSubnet:getSubnet": () => ({ availabilityZone: "a" }),
      "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: ["rtb-1"] }),
      "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
    },
    stacks: {
      "organization/fleet/log": logExports({
        packages: { tool },
        runs: runExports({ scripts: { facts: { "eu-central-1": "arn" } } }),
      }),
    },
  });
  await deployMember(
    memberConfig({
      schedules: {
        facts: { script: "facts", schedule: "rate(1 day)" },
        held: { script: "facts", schedule: "rate(1 day)", kind: "association" },
        scan: { document: "AWS-RunPatchBaseline", schedule: "rate(1 day)" },
        heal: {
          runbook: "AWS-RestartEC2Instance",
          parameters: { AutomationAssumeRole: "arn:aws:iam::222222222222:role/healer" },
          schedule: "rate(1 day)",
        },
      },
      collect: {
        facts: {
          script: "facts",
          schedule: "rate(1 day)",
          inventory: "Custom:Facts",
          compliance: {
            type: "Custom:Facts",
            rules: [{ field: "os", operator: "equals", value: "al2023" }],
          },
        },
      },
      endpoints: ["*"],
      hosts: { win: { platform: "windows", domain: "d-1234567890", vss: true } },
      sessionUsers: { principals: ["arn:aws:iam::333333333333:root"] },
    }),
  );
  await program.settled();
  return program;
}
