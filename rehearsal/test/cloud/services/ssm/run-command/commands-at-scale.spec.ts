import { expect } from "chai";
import type { Instance } from "../../../../../kernel/instance.js";
import type { Properties } from "../../../../../kernel/resource.js";
import { refusal } from "../../../refusal.js";
import {
  LOG,
  MEMBER,
  OTHER,
  REGION,
  WINDOWS_IMAGE,
  TestCloud,
} from "../../../../support/test-cloud.js";

interface Told {
  readonly Status: string;
  readonly StatusDetails: string;
  readonly InstanceId: string;
  readonly CommandPlugins: readonly { readonly Name: string; readonly Output: string }[];
}

interface Listed {
  readonly CommandInvocations: readonly Told[];
  readonly NextToken?: string;
}

describe("Run Command on many hosts", () => {
  let testCloud: TestCloud;
  let first: Instance;

  beforeEach(async () => {
    testCloud = new TestCloud();
    first = await testCloud.host("h0", { Role: "web" });
  });

  const launch = async (
    count: number,
    tags: Readonly<Record<string, string>> = { Role: "web" },
  ) => {
    const profile = testCloud.cloud.iam.profileArn(MEMBER, "host");
    const hosts = Array.from({ length: count }, (_, n) =>
      testCloud.launch(`h${n + 1}`, profile, tags),
    );
    await testCloud.cloud.clock.run();
    return hosts;
  };
  const web = { Key: "tag:Role", Values: ["web"] };
  const input = (commands: string, more: object = {}) => ({
    DocumentName: "AWS-RunShellScript",
    Targets: [web],
    Parameters: { commands: [commands] },
    ...more,
  });
  const send = async (given: object) =>
    (await testCloud.call<{ Command: { CommandId: string } }>("ssm", "SendCommand", given)).Command
      .CommandId;
  const run = async (given: object) => {
    const id = await send(given);
    await testCloud.cloud.clock.run();
    return id;
  };
  const command = async (CommandId: string) =>
    (
      await testCloud.call<{ Commands: Record<string, unknown>[] }>("ssm", "ListCommands", {
        CommandId,
      })
    ).Commands[0];
  const list = (given: object) => testCloud.call<Listed>("ssm", "ListCommandInvocations", given);
  /** How many invocations ended how. */
  const tally = (CommandId: string) => {
    const found: Record<string, number> = {};
    for (const { details } of testCloud.cloud.ssm.commands.invocations(MEMBER, REGION, CommandId))
      found[details] = (found[details] ?? 0) + 1;
    return found;
  };
  const underway = async (seconds: number) => {
    await testCloud.pass(seconds);
    const running = await list({ Filters: [{ key: "Status", value: "InProgress" }] });
    return running.CommandInvocations.length;
  };

  describe("with rate control", () => {
    it("runs on one host first, then on two, then on four, up to MaxConcurrency", async () => {
      await launch(19);
      await send(input("sleep 9", { MaxConcurrency: "5" }));
      // A wave takes 11 s: delivery, the script's start, and what it sleeps.
      const waves: number[] = [];
      for (let wave = 0; wave < 7; wave++) waves.push(await underway(wave === 0 ? 5 : 11));
      expect(waves).to.deep.equal([1, 2, 4, 5, 5, 3, 0]);
    });

    it("stops on the fourth error where three are allowed, and lets running ones finish", async () => {
      await launch(29);
      const id = await run(input("exit 1", { MaxConcurrency: "2", MaxErrors: "3" }));
      // One, then two at a time: the fourth error comes with the fifth.
      expect(tally(id)).to.deep.equal({ Failed: 5, Terminated: 25 });
      expect(await command(id)).to.include({
        Status: "Failed",
        StatusDetails: "Failed",
        TargetCount: 30,
        CompletedCount: 30,
        ErrorCount: 5,
        DeliveryTimedOutCount: 0,
      });
    });

    it("stops on the sixth error of ten per cent of fifty", async () => {
      await launch(49);
      const id = await run(input("exit 1", { MaxConcurrency: "1", MaxErrors: "10%" }));
      expect(tally(id)).to.deep.equal({ Failed: 6, Terminated: 44 });
    });

    it("stops on the first error and runs on fifty at once by default", async () => {
      const id = await run(input("exit 1"));
      expect(await command(id)).to.include({ MaxConcurrency: "50", MaxErrors: "0" });
      expect(tally(id)).to.deep.equal({ Failed: 1 });
    });

    it("does not deliver any more when the command has expired", async () => {
      await launch(2);
      const id = await run(
        input("sleep 50", {
          MaxConcurrency: "1",
          TimeoutSeconds: 30,
          Parameters: { commands: ["sleep 50"], executionTimeout: ["60"] },
        }),
      );
      expect(tally(id)).to.deep.equal({ Success: 2, DeliveryTimedOut: 1 });
    });
  });

  describe("where hosts are offline", () => {
    it("waits for them without holding a place, and ends as DeliveryTimedOut", async () => {
      const [terminated] = await launch(2);
      if (terminated === undefined) throw new Error("no host");
      testCloud.cloud.ec2.stop(terminated);
      await testCloud.cloud.clock.run();
      const id = await send(input("true", { TimeoutSeconds: 60, MaxConcurrency: "1" }));
      await testCloud.pass(60);
      expect(tally(id)).to.deep.equal({ Success: 2, Delayed: 1 });
      expect(await command(id)).to.include({ Status: "InProgress", CompletedCount: 2 });
      await testCloud.cloud.clock.run();
      expect(tally(id)).to.deep.equal({ Success: 2, DeliveryTimedOut: 1 });
      expect(await command(id)).to.include({
        Status: "TimedOut",
        StatusDetails: "DeliveryTimedOut",
        ErrorCount: 0,
        DeliveryTimedOutCount: 1,
      });
    });

    it("is incomplete where that is fewer than the errors that are allowed", async () => {
      const [terminated] = await launch(2);
      if (terminated === undefined) throw new Error("no host");
      testCloud.cloud.ec2.stop(terminated);
      await testCloud.cloud.clock.run();
      const id = await run(input("true", { MaxErrors: "1" }));
      expect(await command(id)).to.include({ Status: "Failed", StatusDetails: "Incomplete" });
    });
  });

  it("leaves out hosts of a platform that the document is not for", async () => {
    await testCloud.cloud.clock.run();
    testCloud.launch(
      "win",
      testCloud.cloud.iam.profileArn(MEMBER, "host"),
      { Role: "web" },
      WINDOWS_IMAGE,
    );
    await testCloud.cloud.clock.run();
    const id = await run(input("true"));
    expect(tally(id)).to.deep.equal({ Success: 1, InvalidPlatform: 1 });
    expect(await command(id)).to.include({ Status: "Success", StatusDetails: "Success" });
  });

  it("cancels single hosts", async () => {
    await launch(1);
    const CommandId = await send(input("sleep 60", { MaxConcurrency: "1" }));
    await testCloud.pass(5);
    await testCloud.call("ssm", "CancelCommand", { CommandId, InstanceIds: [first.id] });
    await testCloud.cloud.clock.run();
    expect(tally(CommandId)).to.deep.equal({ Cancelled: 1, Success: 1 });
  });

  it("gives fifty invocations on a page, filtered and with what they printed", async () => {
    await launch(51);
    const script = `[ "$AWS_SSM_INSTANCE_ID" != ${first.id} ]; echo said`;
    const CommandId = await run(input(script, { MaxErrors: "100%" }));
    const page = await list({ CommandId, Details: true });
    expect(page.CommandInvocations).to.have.lengthOf(50);
    expect(page.CommandInvocations[0]?.CommandPlugins).to.have.lengthOf(1);
    const rest = await list({ CommandId, NextToken: page.NextToken });
    expect(rest.CommandInvocations).to.have.lengthOf(2);
    expect(rest).not.to.have.property("NextToken");
    const small = await list({ CommandId, MaxResults: 3 });
    expect(small.CommandInvocations).to.have.lengthOf(3);
    const idsFor = async (key: string, value: string) =>
      (await list({ CommandId, Filters: [{ key, value }] })).CommandInvocations.length;
    expect([
      await idsFor("Status", "Failed"),
      await idsFor("DocumentName", "AWS-RunPowerShellScript"),
      await idsFor("InvokedAfter", "2026-01-06T00:00:00Z"),
      await idsFor("InvokedBefore", "2026-01-06T00:00:00Z"),
    ]).to.deep.equal([0, 0, 0, 50]);
    expect(await refusal(list({ MaxResults: 51 }))).to.include("between 1 and 50");
    expect(await refusal(list({ NextToken: "x" }))).to.include("InvalidNextToken");
    const wrong = { Filters: [{ key: "ExecutionStage", value: "Complete" }] };
    expect(await refusal(list(wrong))).to.include("InvalidFilterKey");
    const complete = await testCloud.call<{ Commands: object[] }>("ssm", "ListCommands", wrong);
    expect(complete.Commands).to.have.lengthOf(1);
  });

  it("refuses what no call may hold", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `v${n}`);
    const targets = (Targets: object[]) => refusal(send(input("true", { Targets })));
    expect(await targets(many(6).map((Key) => ({ Key: `tag:${Key}`, Values: ["x"] })))).to.include(
      "less than or equal to 5",
    );
    expect(await targets([{ Key: "tag:a", Values: many(51) }])).to.include(
      "got 51 values of tag:a",
    );
    expect(await targets([{ Key: "InstanceIds", Values: ["i-00000000000000000"] }])).to.include(
      "Instances [[i-00000000000000000]] not in a valid state",
    );
    expect(await targets([{ Key: "role", Values: ["x"] }])).to.include("InvalidParameters");
    expect(await targets([{ Key: "resource-groups:Name", Values: ["a", "b"] }])).to.include(
      "Only one resource group",
    );
    const twice = { Targets: [], InstanceIds: [first.id, first.id] };
    expect(await refusal(send(input("true", twice)))).to.include("DuplicateInstanceId");
    expect(await refusal(send(input("true", { OutputS3BucketName: "nowhere" })))).to.include(
      "InvalidOutputFolder",
    );
  });

  describe("by a resource group", () => {
    const group = (name: string, TagFilters: object[], more: Properties = {}) =>
      testCloud.create("aws:resourcegroups/group:Group", "test", {
        name,
        resourceQuery: {
          query: JSON.stringify({ ResourceTypeFilters: ["AWS::EC2::Instance"], TagFilters }),
        },
        ...more,
      });
    const toGroup = (name: string) => ({
      Targets: [{ Key: "resource-groups:Name", Values: [name] }],
    });

    it("finds its members", async () => {
      await launch(1, { Role: "db" });
      await group("databases", [{ Key: "Role", Values: ["db"] }]);
      const id = await run(input("true", toGroup("databases")));
      expect(await command(id)).to.include({ TargetCount: 1, Status: "Success" });
    });

    it("finds none in a group that is not there", async () => {
      const id = await run(input("true", toGroup("nobody")));
      expect(await command(id)).to.include({ TargetCount: 0, StatusDetails: "NoInstancesInTag" });
    });

    it("is denied to whom the group is not shown", async () => {
      await group("webs", [{ Key: "Role", Values: [] }]);
      await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
        name: "send",
        role: "host",
        policy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: ["ssm:SendCommand"], Resource: "*" }],
        },
      });
      const { arn } = testCloud.cloud.iam.role(MEMBER, "host");
      const principal = { ...testCloud.operator(MEMBER), roleArn: arn, roleName: "host" };
      const given = input("true", toGroup("webs"));
      const sent = await testCloud.call<{ Command: { CommandId: string } }>(
        "ssm",
        "SendCommand",
        given,
        principal,
      );
      await testCloud.cloud.clock.run();
      expect(await command(sent.Command.CommandId)).to.include({
        Status: "Failed",
        StatusDetails: "AccessDenied",
        TargetCount: 0,
      });
      const denied = testCloud.cloud.calls.filter(({ outcome }) => outcome === "denied");
      expect(denied.map(({ call }) => call)).to.deep.equal(["resource-groups:ListGroupResources"]);
    });

    it("reports its members and its query", async () => {
      await group("webs", [{ Key: "Role", Values: ["web"] }]);
      const call = (operation: string, given: object = {}) =>
        testCloud.cloud.call({
          principal: testCloud.operator(MEMBER),
          account: MEMBER,
          region: REGION,
          service: "resource-groups",
          operation,
          input: given,
        });
      const Group = "webs";
      const Identifier = { ResourceArn: first.arn, ResourceType: "AWS::EC2::Instance" };
      expect(await call("ListGroupResources", { Group })).to.deep.equal({
        Resources: [{ Identifier }],
        ResourceIdentifiers: [Identifier],
        QueryErrors: [],
      });
      expect(await call("GetGroupQuery", { Group })).to.deep.equal({
        GroupQuery: {
          GroupName: "webs",
          ResourceQuery: {
            Type: "TAG_FILTERS_1_0",
            Query:
              '{"ResourceTypeFilters":["AWS::EC2::Instance"],"TagFilters":[{"Key":"Role","Values":["web"]}]}',
          },
        },
      });
      expect(await refusal(call("GetGroup", { Group: "none" }))).to.equal(
        "NotFoundException: Cannot find group: none",
      );
      const arn = `arn:aws:resource-groups:${REGION}:${MEMBER}:group/webs`;
      expect(await call("ListGroups")).to.deep.include({
        GroupIdentifiers: [{ GroupName: "webs", GroupArn: arn }],
      });
    });

    it("is refused where its query cannot be read, and reported where it is not modelled", async () => {
      expect(await refusal(group("g", [{}]))).to.include("expected TagFilters with a Key");
      expect(await refusal(group("aws-g", []))).to.include("not beginning with aws");
      const query = JSON.stringify({ StackIdentifier: "x" });
      await group("stack", [], { resourceQuery: { type: "CLOUDFORMATION_STACK_1_0", query } });
      expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([
        "resource group by a query of type CLOUDFORMATION_STACK_1_0",
      ]);
    });
  });

  describe("by a document of another account", () => {
    const content = JSON.stringify({
      schemaVersion: "2.2",
      mainSteps: [
        {
          action: "aws:runShellScript",
          name: "linux",
          precondition: { StringEquals: ["platformType", "Linux"] },
          inputs: { runCommand: ["echo linux"] },
        },
        {
          action: "aws:runPowerShellScript",
          name: "windows",
          precondition: { StringEquals: ["platformType", "Windows"] },
          inputs: { runCommand: ["Write-Output windows"] },
        },
      ],
    });
    const arn = `arn:aws:ssm:${REGION}:${LOG}:document/cf-script`;
    const publish = (account_ids: string) =>
      testCloud.document({
        name: "cf-script",
        documentType: "Command",
        content,
        permissions: { type: "Share", account_ids },
      });
    const given = (more: object = {}) => ({ DocumentName: arn, Targets: [web], ...more });

    it("runs each platform's step and skips the other's", async () => {
      await publish(MEMBER);
      const profile = testCloud.cloud.iam.profileArn(MEMBER, "host");
      testCloud.launch("win", profile, { Role: "web" }, WINDOWS_IMAGE);
      await testCloud.cloud.clock.run();
      const CommandId = await run(given());
      const { CommandInvocations } = await list({ CommandId, Details: true });
      const skipped = "Step execution skipped due to";
      const condition = `unsatisfied preconditions: '"StringEquals": [platformType, Windows]'`;
      expect(
        CommandInvocations.map(({ StatusDetails, CommandPlugins }) => [
          StatusDetails,
          ...CommandPlugins.map(({ Name, Output }) => `${Name}: ${Output}`),
        ]),
      ).to.deep.equal([
        ["Success", "linux: linux\n", `windows: ${skipped} ${condition}. Step name: windows`],
        [
          "Success",
          `linux: ${skipped} unsupported plugin: aws:runShellScript. Step name: linux`,
          "windows: _script.ps1 of cf-script, step windows: parsed, not executed\n",
        ],
      ]);
    });

    it("is refused where it is not shared, in the words for one that is not there", async () => {
      await publish(OTHER);
      expect(await refusal(send(given()))).to.equal(
        `InvalidDocument: Document with name ${arn} does not exist.`,
      );
    });

    it("runs no other content than that of the hash", async () => {
      await publish(MEMBER);
      const { Document } = await testCloud.call<{ Document: { Hash: string } }>(
        "ssm",
        "DescribeDocument",
        {
          Name: arn,
        },
      );
      const hash = (DocumentHash: string) => given({ DocumentHash, DocumentHashType: "Sha256" });
      expect(tally(await run(hash(Document.Hash)))).to.deep.equal({ Success: 1 });
      expect(await refusal(send(hash("0".repeat(64))))).to.include("InvalidDocument: The hash of");
    });
  });
});
