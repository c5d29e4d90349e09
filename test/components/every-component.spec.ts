import { expect } from "chai";
import { deployLog } from "../../stacks/log.js";
import { deployMember } from "../../stacks/member.js";
import { aVpc } from "../support/account.js";
import { logConfig, logExports, memberConfig, runExports } from "../support/configs.js";
import { holdsData } from "../../stacks/removal.js";
import { inEmptyFolder } from "../support/folder.js";
import type { Declared, MockedProgram } from "../support/mocked-program.js";
import { mockProgram } from "../support/mocked-program.js";

const regions = ["eu-central-1", "eu-west-1"];
const sessionUsers = { principals: ["arn:aws:iam::333333333333:root"] };
const identityCenter = { accounts: ["222222222222"] };
const runs = {
  runAccounts: ["222222222222"],
  runners: sessionUsers,
  outputRegions: ["eu-west-1"],
  routes: [
    { name: "all", sql: "SELECT 1 AS one", schedule: "rate(1 day)", rules: [{ topic: "ops" }] },
  ],
  routeTopics: { ops: ["ops@example.com"] },
};

const programs: Record<string, () => Promise<MockedProgram>> = {
  log: async () => {
    const zip = () => ({ outputSha256: "ab", outputPath: "x.zip" });
    const program = await mockProgram({
      invokes: {
        "archive:index/getFile:getFile": zip,
        "aws:ssoadmin/getInstances:getInstances": () => ({
          arns: ["arn"],
          identityStoreIds: ["d-1"],
        }),
        "aws:organizations/getOrganization:getOrganization": () => ({
          id: "o-1",
          accounts: [{ id: "222222222222", state: "ACTIVE" }],
        }),
      },
    });
    await deployLog(logConfig({ regions, identityCenter, ...runs }));
    return program;
  },
  member: async () => {
    const program = await mockProgram({
      stacks: {
        "organization/fleet/log": logExports({
          regions,
          runs: runExports({ scripts: { facts: {} } }),
        }),
      },
      invokes: {
        "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
        "aws:ec2/getVpc:getVpc": () => aVpc,
        "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
        "aws:ec2/getSubnet:getSubnet": () => ({ availabilityZone: "eu-central-1a" }),
        "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: ["rtb-1"] }),
        "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
        "aws:ssm/getDocument:getDocument": () => ({ content: "{}", documentType: "" }),
      },
    });
    const schedules = {
      facts: { script: "facts", schedule: "rate(1 day)" },
      held: { document: "AWS-RunShellScript", schedule: "rate(1 day)", kind: "association" },
      sent: { document: "AWS-RunShellScript", schedule: "rate(1 day)" },
    };
    const collect = {
      facts: { script: "facts", schedule: "rate(1 day)", inventory: "Custom:Facts" },
    };
    const scripts = { schedules, collect };
    await deployMember(memberConfig({ regions, endpoints: ["*"], sessionUsers, ...scripts }));
    return program;
  },
};

/** The names of all components: a new one is added here, and to a stack, or it is not tested. */
const components: Record<string, string[]> = {
  log: [
    "CentralBucket",
    "CrossAccountRunner",
    "DeadLetterQueue",
    "EncryptionKey",
    "IdentityCenterAccess",
    "NotificationTopic",
    "OutputBucket",
    "PackageFactory",
    "PublishedPackage",
    "ResultDistribution",
    "ResultRoute",
    "RouteSchedules",
    "RunDocuments",
    "RunOperator",
    "RunQueries",
  ],
  member: [
    "BootstrapFailures",
    "BootstrapProduct",
    "BootstrapReconcile",
    "BootstrapRegion",
    "BootstrapRoles",
    "BootstrapTrigger",
    "CloudWatchConfigs",
    "Collections",
    "DeadLetterQueue",
    "EncryptionKey",
    "HostNetwork",
    "HostRole",
    "ManagedHost",
    "NotificationTopic",
    "RunSchedule",
    "RunTarget",
    "ScheduleFailures",
    "ScheduleRole",
    "SessionUserRole",
    "SsmEndpoints",
  ],
};

/** Types without data: whatever is deleted of them is made again from the project. See stacks/removal.ts. */
const without = new Set<string>([
  "aws:athena/namedQuery:NamedQuery",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:ec2/instance:Instance",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:glue/catalogTable:CatalogTable",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:identitystore/group:Group",
  "aws:kms/alias:Alias",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:ssm/association:Association",
  "aws:ssm/document:Document",
  "aws:ssm/maintenanceWindow:MaintenanceWindow",
  "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
  "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
  "aws:ssoadmin/accountAssignment:AccountAssignment",
  "aws:ssoadmin/permissionSet:PermissionSet",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
]);

for (const [stack, deploy] of Object.entries(programs)) {
  describe(`Every component of the ${stack} stack`, () => {
    const home = process.cwd();
    let program: MockedProgram;
    let declared: Declared[];
    let parents: Map<string, Declared>;
    if (stack === "log") inEmptyFolder();
    beforeEach(async () => {
      program = await deploy();
      await program.settled();
      declared = program.resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
      parents = new Map(declared.map((resource) => [resource.urn, resource]));
    });
    after(() => process.chdir(home));

    it("is looked at here", () => {
      const types = declared.filter(({ custom }) => !custom).map(({ type }) => type);
      const names = [...new Set(types)].map((type) => type.replace("fleet:index:", ""));
      expect(names.sort()).to.deep.equal(components[stack]);
    });

    it("is the parent of what it makes", () => {
      const orphans = declared.filter(({ custom, parent }) => custom && !parents.has(parent));
      expect(orphans).to.deep.equal([]);
    });

    it("names its children after itself", () => {
      for (const { name, parent } of declared.filter((child) => parents.has(child.parent))) {
        const start = `${parents.get(parent)?.name ?? ""}-`;
        expect(name.slice(0, start.length), name).to.equal(start);
      }
    });

    it("gives its own provider to all below it, and to what it asks", () => {
      const own = program.only("pulumi:providers:aws");
      const provider = `${own.urn}::${own.name}-id`;
      const others = declared.filter(
        (resource) => resource.custom && resource.provider !== provider,
      );
      expect(others).to.deep.equal([]);
      const invokes = program.invokes.filter(({ token }) => token.startsWith("aws:"));
      expect(invokes.filter((invoked) => invoked.provider !== provider)).to.deep.equal([]);
    });

    it("registers its outputs, all of them known", () => {
      for (const { name, outputs } of declared.filter(({ custom }) => !custom)) {
        expect(outputs, name).to.be.an("object").that.is.not.empty;
        for (const value of Object.values(outputs ?? {})) {
          expect(value, name).to.not.equal(undefined).and.to.not.equal(null);
        }
      }
    });

    it("has resources of types whose removal is decided, and keeps those with data", () => {
      const custom = declared.filter((resource) => resource.custom);
      const isKept = ({ type, inputs }: Declared) => holdsData(type, inputs["documentType"]);
      const undecided = custom.filter((each) => !isKept(each) && !without.has(each.type));
      expect(undecided.map(({ type }) => type)).to.deep.equal([]);
      const unlike = custom.filter((each) => each.retainOnDelete !== isKept(each));
      expect(unlike.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("makes each resource once", () => {
      expect(new Set(declared.map(({ urn }) => urn)).size).to.equal(declared.length);
    });

    it("lets a fixed name be taken over by its replacement", () => {
      const named = declared.filter(
        ({ custom, inputs }) => custom && typeof inputs["name"] === "string",
      );
      const kept = named.filter(({ deleteBeforeReplace }) => !deleteBeforeReplace);
      expect(kept.map(({ urn }) => urn)).to.deep.equal([]);
    });
  });
}
