import { expect } from "chai";
import type { RoleSession } from "../../../../../kernel/principal.js";
import type { Emitted } from "../../../../../kernel/ports.js";
import type { Instance } from "../../../../../kernel/instance.js";
import { linuxPackage } from "../../../../host/support.js";
import { packageInputs } from "../../../../support/packages.js";
import { BUCKET, LOG, MEMBER, REGION, TestCloud } from "../../../../support/test-cloud.js";
import { refusal } from "../../../refusal.js";

interface Sent {
  readonly Command: {
    readonly CommandId: string;
    readonly Status: string;
    readonly ExpiresAfter: string;
    readonly TargetCount: number;
  };
}

interface Given {
  readonly Status: string;
  readonly StatusDetails: string;
  readonly ResponseCode: number;
  readonly StandardOutputContent: string;
  readonly StandardErrorContent: string;
}

interface Plugin {
  readonly Name: string;
  readonly Status: string;
  readonly StatusDetails: string;
  readonly ResponseCode: number;
  readonly Output: string;
}

/** What an upload with an ACL needs. */
const PUT = ["s3:PutObject", "s3:PutObjectAcl"];

describe("SsmCommands", () => {
  let testCloud: TestCloud;
  let host: Instance;
  let events: Emitted[];

  beforeEach(async () => {
    testCloud = new TestCloud();
    host = await testCloud.host("web", { Role: "web" });
    ({ events } = testCloud);
    events.length = 0;
  });

  const script = (commands: string | readonly string[], more: object = {}) => ({
    DocumentName: "AWS-RunShellScript",
    InstanceIds: [host.id],
    Parameters: { commands: typeof commands === "string" ? [commands] : commands },
    ...more,
  });
  const send = async (input: object, principal?: RoleSession) =>
    (await testCloud.call<Sent>("ssm", "SendCommand", input, principal)).Command;
  const invocation = (CommandId: string, InstanceId = host.id, more: object = {}) =>
    testCloud.call<Given>("ssm", "GetCommandInvocation", { CommandId, InstanceId, ...more });
  const plugins = async (CommandId: string) =>
    (
      await testCloud.call<{ CommandInvocations: { CommandPlugins: Plugin[] }[] }>(
        "ssm",
        "ListCommandInvocations",
        { CommandId, Details: true },
      )
    ).CommandInvocations.flatMap(({ CommandPlugins }) => CommandPlugins);
  const command = async (CommandId: string) =>
    (
      await testCloud.call<{ Commands: Readonly<Record<string, unknown>>[] }>(
        "ssm",
        "ListCommands",
        {
          CommandId,
        },
      )
    ).Commands[0];
  /** Sends a command and waits for its end. */
  const run = async (input: object) => {
    const { CommandId } = await send(input);
    await testCloud.cloud.clock.run();
    return CommandId;
  };

  it("runs a script on a host", async () => {
    const sent = await send(script(["hostname", "echo oops >&2"]));
    expect(sent).to.include({
      Status: "Pending",
      TargetCount: 1,
    });
    expect(sent).to.have.deep.property("ExpiresAfter", new Date("2026-01-05T10:01:00Z"));
    expect(await invocation(sent.CommandId)).to.include({
      Status: "Pending",
      ResponseCode: -1,
      StandardOutputContent: "",
    });
    await testCloud.cloud.clock.run();
    expect(await invocation(sent.CommandId)).to.deep.equal({
      CommandId: sent.CommandId,
      InstanceId: host.id,
      Comment: "",
      DocumentName: "AWS-RunShellScript",
      DocumentVersion: "$DEFAULT",
      PluginName: "aws:runShellScript",
      ResponseCode: 0,
      ExecutionStartDateTime: "2026-01-05T08:01:01Z",
      ExecutionElapsedTime: "PT1S",
      ExecutionEndDateTime: "2026-01-05T08:01:02Z",
      Status: "Success",
      StatusDetails: "Success",
      StandardOutputContent: "ip-10-0-1-10\n".replace(
        "10-0-1-10",
        host.privateIp.replaceAll(".", "-"),
      ),
      StandardOutputUrl: "",
      StandardErrorContent: "oops\n",
      StandardErrorUrl: "",
      CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
    });
    expect(await command(sent.CommandId)).to.include({
      Status: "Success",
      StatusDetails: "Success",
      CompletedCount: 1,
      ErrorCount: 0,
    });
  });

  it("reports its way in events", async () => {
    const id = await run(script("true"));
    const resources = [host.arn];
    const common = { account: MEMBER, region: REGION, source: "aws.ssm" };
    const eventsOf = (detailType: string, status: string) =>
      events.find((event) => event.detailType === detailType && event.detail["status"] === status);
    expect(
      events.map(({ detailType, detail }) => `${detailType}: ${String(detail["status"])}`),
    ).to.deep.equal([
      "EC2 Command Status-change Notification: InProgress",
      "EC2 Command Invocation Status-change Notification: InProgress",
      "EC2 Command Invocation Status-change Notification: Success",
      "EC2 Command Status-change Notification: Success",
    ]);
    expect(eventsOf("EC2 Command Invocation Status-change Notification", "Success")).to.deep.equal({
      ...common,
      resources,
      detailType: "EC2 Command Invocation Status-change Notification",
      detail: {
        "command-id": id,
        "document-name": "AWS-RunShellScript",
        "instance-id": host.id,
        "requested-date-time": "2026-01-05T08:01:00Z",
        status: "Success",
      },
    });
    expect(eventsOf("EC2 Command Status-change Notification", "Success")?.detail).to.deep.equal({
      "command-id": id,
      "document-name": "AWS-RunShellScript",
      "expire-after": "2026-01-05T10:01:00Z",
      parameters: { commands: ["true"] },
      "requested-date-time": "2026-01-05T08:01:00Z",
      status: "Success",
    });
  });

  it("fails with the script", async () => {
    const id = await run(script("echo no >&2; exit 3"));
    expect(await invocation(id)).to.include({
      Status: "Failed",
      StatusDetails: "Failed",
      ResponseCode: 3,
      StandardErrorContent: "no\nfailed to run commands: exit status 3",
    });
    expect(await command(id)).to.include({
      Status: "Failed",
      StatusDetails: "Failed",
      ErrorCount: 1,
    });
    expect(testCloud.timelineOf("Run Command")).to.deep.equal([
      `failure: command ${id} (AWS-RunShellScript): Failed`,
    ]);
  });

  it("stops a script at its execution timeout", async () => {
    const id = await run(
      script("sleep 3600", { Parameters: { commands: ["sleep 3600"], executionTimeout: ["60"] } }),
    );
    expect(await invocation(id)).to.include({
      Status: "TimedOut",
      StatusDetails: "ExecutionTimedOut",
      ResponseCode: 137,
    });
    expect(await command(id)).to.include({
      Status: "TimedOut",
      StatusDetails: "ExecutionTimedOut",
    });
    expect(await plugins(id)).to.have.nested.property("[0].StatusDetails", "ExecutionTimedOut");
  });

  it("installs a package that another account shares", async () => {
    await testCloud.bucket();
    const tool = linuxPackage("1.0.0", {
      "install.sh": "echo tool > /opt/tool",
      "uninstall.sh": "rm /opt/tool",
    });
    await testCloud.document(await packageInputs(testCloud, "cf-package-tool", "1.0.0", tool));
    const name = `arn:aws:ssm:${REGION}:${LOG}:document/cf-package-tool`;
    const parameters = { action: ["Install"], name: [name] };
    const id = await run({
      DocumentName: "AWS-ConfigureAWSPackage",
      InstanceIds: [host.id],
      Parameters: parameters,
    });
    expect(await invocation(id)).to.include({ Status: "Success", PluginName: "configurePackage" });
    expect((await invocation(id)).StandardOutputContent).to.include(
      `Successfully installed ${name} 1.0.0`,
    );
    const inside = testCloud.cloud.ssm.agents.host(MEMBER, REGION, host.id);
    expect((await inside?.run("cat /opt/tool"))?.stdout).to.equal("tool\n");
    expect(inside?.packages).to.deep.equal([
      { name: "cf-package-tool", arn: name, version: "1.0.0", status: "Installed" },
    ]);
    testCloud.cloud.ssm.documents.unshare(LOG, REGION, "cf-package-tool", MEMBER);
    const later = await run({
      DocumentName: "AWS-ConfigureAWSPackage",
      InstanceIds: [host.id],
      Parameters: parameters,
    });
    expect((await invocation(later)).StandardErrorContent).to.include(
      `InvalidDocument: Document with name ${name} does not exist.`,
    );
  });

  describe("refuses", () => {
    const cases: readonly (readonly [fact: string, input: () => object, words: string])[] = [
      [
        "an instance that is not there",
        () => script("true", { InstanceIds: ["i-00000000000000000"] }),
        "InvalidInstanceId: Instances [[i-00000000000000000]] not in a valid state for account 222222222222",
      ],
      [
        "more than 50 instances",
        () => script("true", { InstanceIds: Array.from({ length: 51 }, () => host.id) }),
        "less than or equal to 50",
      ],
      [
        "instances and targets at once",
        () => script("true", { Targets: [{ Key: "tag:Role", Values: ["web"] }] }),
        "InvalidParameters: Specify either InstanceIds or Targets",
      ],
      [
        "neither",
        () => script("true", { InstanceIds: [] }),
        "InvalidParameters: Specify either InstanceIds or Targets",
      ],
      [
        "a document that is not there",
        () => script("true", { DocumentName: "cf-none" }),
        "InvalidDocument: Document with name cf-none does not exist.",
      ],
      [
        "a version that is not there",
        () => script("true", { DocumentVersion: "7" }),
        "InvalidDocumentVersion",
      ],
      [
        "a missing parameter",
        () => script("true", { Parameters: {} }),
        "InvalidParameters: parameter commands is required",
      ],
      [
        "an unknown parameter",
        () => script("true", { Parameters: { commands: ["true"], colour: ["red"] } }),
        "parameter colour is not defined in the document",
      ],
      [
        "a value that the pattern does not allow",
        () => script("true", { Parameters: { commands: ["true"], executionTimeout: ["soon"] } }),
        "parameter executionTimeout does not match",
      ],
      [
        "two values of a text",
        () =>
          script("true", { Parameters: { commands: ["true"], workingDirectory: ["/a", "/b"] } }),
        "parameter workingDirectory takes one value, got 2",
      ],
      [
        "a value that is not among the allowed",
        () => ({
          DocumentName: "AWS-ConfigureAWSPackage",
          InstanceIds: [host.id],
          Parameters: { action: ["Remove"], name: ["x"] },
        }),
        'parameter action does not allow "Remove" (allowed: Install, Uninstall)',
      ],
      [
        "arguments that are no JSON",
        () => ({
          DocumentName: "AWS-ConfigureAWSPackage",
          InstanceIds: [host.id],
          Parameters: { action: ["Install"], name: ["x"], additionalArguments: ["x"] },
        }),
        "takes a JSON object of texts",
      ],
      [
        "a delivery timeout under 30 s",
        () => script("true", { TimeoutSeconds: 29 }),
        "timeoutSeconds",
      ],
      ["a concurrency of nothing", () => script("true", { MaxConcurrency: "0" }), "maxConcurrency"],
      [
        "a parameter that is no list",
        () => script("true", { Parameters: { commands: "true" } }),
        "must be a list of texts",
      ],
    ];
    for (const [fact, input, words] of cases) {
      it(fact, async () => expect(await refusal(send(input()))).to.include(words));
    }

    it("an instance that is stopped", async () => {
      testCloud.cloud.ec2.stop(host);
      expect(await refusal(send(script("true")))).to.include("InvalidInstanceId");
    });

    it("a document of another type", async () => {
      const content = JSON.stringify({
        schemaVersion: "0.3",
        mainSteps: [{ name: "a", action: "aws:sleep", inputs: { Duration: "PT1S" } }],
      });
      await testCloud.create("aws:ssm/document:Document", "test", {
        name: "cf-run",
        documentType: "Automation",
        content,
      });
      expect(await refusal(send(script("true", { DocumentName: "cf-run" })))).to.include(
        "InvalidDocument: Document cf-run is of type Automation",
      );
    });

    it("a document for another platform", async () => {
      const content = JSON.stringify({
        schemaVersion: "1.2",
        runtimeConfig: { "aws:psModule": { properties: [{ runCommand: ["x"] }] } },
      });
      await testCloud.create("aws:ssm/document:Document", "test", {
        name: "cf-ps",
        documentType: "Command",
        content,
      });
      expect(await refusal(send({ DocumentName: "cf-ps", InstanceIds: [host.id] }))).to.equal(
        "UnsupportedPlatformType: Document cf-ps is for Windows",
      );
    });
  });

  describe("asks for permission", () => {
    const allow = (...statements: readonly object[]) =>
      testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
        name: "send",
        role: "host",
        policy: {
          Version: "2012-10-17",
          Statement: statements.map((statement) => ({
            Effect: "Allow",
            Action: "ssm:SendCommand",
            ...statement,
          })),
        },
      });
    const sender = (): RoleSession => {
      const { arn } = testCloud.cloud.iam.role(MEMBER, "host");
      return {
        kind: "session",
        account: MEMBER,
        roleArn: arn,
        roleName: "host",
        arn: `arn:aws:sts::${MEMBER}:assumed-role/host/s`,
        sessionName: "s",
      };
    };
    const document = `arn:aws:ssm:${REGION}::document/AWS-RunShellScript`;
    const attempt = () => refusal(send(script("true"), sender()));

    it("for the document", async () => {
      await allow({ Resource: "arn:aws:ec2:*:*:instance/*" });
      expect(await attempt()).to.include(
        `is not authorized to perform: ssm:SendCommand on resource: ${document}`,
      );
    });

    it("and for every instance", async () => {
      await allow({ Resource: document });
      expect(await attempt()).to.include(
        `is not authorized to perform: ssm:SendCommand on resource: ${host.arn}`,
      );
    });

    it("by the instance's tags", async () => {
      const tagged = (Role: string) => ({
        Resource: "arn:aws:ec2:*:*:instance/*",
        Condition: { StringEquals: { "ssm:resourceTag/Role": Role } },
      });
      await allow({ Resource: document }, tagged("db"));
      expect(await attempt()).to.include(host.arn);
      await allow({ Resource: document }, tagged("web"));
      expect(await attempt()).to.equal("it was taken");
    });
  });

  describe("by targets", () => {
    const target = (Key: string, ...Values: readonly string[]) =>
      script("true", { InstanceIds: [], Targets: [{ Key, Values }] });

    it("finds instances by tag", async () => {
      const id = await run(target("tag:Role", "db", "web"));
      expect(await command(id)).to.include({ TargetCount: 1, Status: "Success" });
      expect(await invocation(id)).to.include({ Status: "Success" });
    });

    it("ends well where there is none, and says so", async () => {
      const id = await run(target("tag:Role", "db"));
      expect(await command(id)).to.include({
        TargetCount: 0,
        Status: "Success",
        StatusDetails: "NoInstancesInTag",
      });
    });

    it("stops after too many errors", async () => {
      for (const name of ["b", "c"])
        testCloud.launch(name, testCloud.cloud.iam.profileArn(MEMBER, "host"), { Role: "web" });
      await testCloud.cloud.clock.run();
      const id = await run({
        ...target("tag:Role", "web"),
        Parameters: { commands: ["exit 1"] },
        MaxConcurrency: "1",
        MaxErrors: "1",
      });
      const details = testCloud.cloud.ssm.commands
        .invocations(MEMBER, REGION, id)
        .map((invocation) => invocation.details);
      expect(details).to.deep.equal(["Failed", "Failed", "Terminated"]);
      expect(await command(id)).to.include({
        Status: "Failed",
        StatusDetails: "Failed",
        ErrorCount: 2,
      });
    });

    it("is incomplete where some failed, but not too many", async () => {
      testCloud.launch("b", testCloud.cloud.iam.profileArn(MEMBER, "host"), { Role: "web" });
      await testCloud.cloud.clock.run();
      const commands = [`test "$AWS_SSM_INSTANCE_ID" = ${host.id}`];
      const id = await run({
        ...target("tag:Role", "web"),
        Parameters: { commands },
        MaxErrors: "50%",
      });
      expect(await command(id)).to.include({
        Status: "Failed",
        StatusDetails: "Incomplete",
        ErrorCount: 1,
      });
    });
  });

  describe("where the instance goes away", () => {
    it("before delivery: waits, and delivers when it is back", async () => {
      const { CommandId } = await send(script("true"));
      testCloud.cloud.ec2.stop(host);
      await testCloud.pass(60);
      testCloud.cloud.ec2.start(host);
      await testCloud.cloud.clock.run();
      expect(await invocation(CommandId)).to.include({ Status: "Success" });
    });

    it("for good before delivery: cannot be delivered", async () => {
      const { CommandId } = await send(script("true"));
      testCloud.cloud.ec2.terminate(host);
      await testCloud.cloud.clock.run();
      expect(await invocation(CommandId)).to.include({
        Status: "Failed",
        StatusDetails: "Undeliverable",
      });
    });

    it("for too long before delivery: times out", async () => {
      const { CommandId } = await send(script("true", { TimeoutSeconds: 30 }));
      testCloud.cloud.ec2.stop(host);
      await testCloud.cloud.clock.run();
      expect(await invocation(CommandId)).to.include({
        Status: "TimedOut",
        StatusDetails: "DeliveryTimedOut",
      });
      // 30 s of delivery and 3,600 s of execution after the start.
      expect(testCloud.cloud.clock.iso).to.equal("2026-01-05T09:01:30Z");
    });

    it("in the middle: nobody knows the end until the command expires", async () => {
      const { CommandId } = await send(script("sleep 100; echo done", { TimeoutSeconds: 60 }));
      await testCloud.pass(30);
      testCloud.cloud.ec2.stop(host);
      await testCloud.pass(300);
      testCloud.cloud.ec2.start(host);
      await testCloud.pass(300);
      expect(await invocation(CommandId)).to.include({
        Status: "InProgress",
        StandardOutputContent: "",
      });
      await testCloud.cloud.clock.run();
      expect(await invocation(CommandId)).to.include({
        Status: "TimedOut",
        StatusDetails: "DeliveryTimedOut",
      });
    });
  });

  it("is cancelled", async () => {
    const { CommandId } = await send(script("sleep 100; touch /tmp/later"));
    await testCloud.pass(10);
    await testCloud.call("ssm", "CancelCommand", { CommandId });
    await testCloud.cloud.clock.run();
    expect(await invocation(CommandId)).to.include({ Status: "Cancelled", ResponseCode: -1 });
    expect(await command(CommandId)).to.include({ Status: "Cancelled" });
    const inside = testCloud.cloud.ssm.agents.host(MEMBER, REGION, host.id);
    expect(await inside?.has("/tmp/later")).to.equal(false);
  });

  it("is cancelled by whoever lives in the cloud, while its script sleeps", async () => {
    const { clock } = testCloud.cloud;
    for (const text of [
      "sleep 100; touch /tmp/later",
      "sleep 100 | cat; sleep 50",
      "(sleep 100)",
    ]) {
      const { CommandId } = await send(script(text));
      const from = clock.now;
      clock.spawn(() => testCloud.call("ssm", "CancelCommand", { CommandId }), 10_000);
      await clock.run();
      expect(await invocation(CommandId)).to.include({ Status: "Cancelled", ResponseCode: -1 });
      expect(clock.now - from).to.be.lessThan(101_000 + 60_000);
    }
    const id = await run(script("echo on"));
    expect(await invocation(id)).to.include({ Status: "Success", StandardOutputContent: "on\n" });
  });

  it("runs a step again after the reboot that it asks for", async () => {
    const id = await run(script("test -e /var/once && exit 0; touch /var/once; exit 194"));
    expect(await invocation(id)).to.include({ Status: "Success", ResponseCode: 0 });
    expect(testCloud.timelineOf("agent")).to.include(
      "info: the host reboots because the step asked for it",
    );
    const endless = await run(script("exit 194"));
    expect(await invocation(endless)).to.include({ Status: "Failed" });
    expect((await invocation(endless)).StandardErrorContent).to.include(
      "asked for a reboot 6 times in a row",
    );
  });

  describe("a document of its own", () => {
    const own = (mainSteps: readonly object[], parameters: object = {}) =>
      testCloud.create("aws:ssm/document:Document", "test", {
        name: "cf-own",
        documentType: "Command",
        content: JSON.stringify({ schemaVersion: "2.2", parameters, mainSteps }),
      });
    const step = (name: string, runCommand: readonly string[], more: object = {}) => ({
      action: "aws:runShellScript",
      name,
      inputs: { runCommand },
      ...more,
    });
    const runOwn = (Parameters: object = {}) =>
      run({ DocumentName: "cf-own", InstanceIds: [host.id], Parameters });

    it("runs every step, and fails where one does", async () => {
      await own([step("one", ["echo 1; exit 1"]), step("two", ["echo 2"])]);
      const id = await runOwn();
      expect(
        (await plugins(id)).map(({ Name, Status, Output }) => [Name, Status, Output]),
      ).to.deep.equal([
        ["one", "Failed", "1\n\n----------ERROR-------\nfailed to run commands: exit status 1"],
        ["two", "Success", "2\n"],
      ]);
      expect(await invocation(id)).to.include({
        Status: "Failed",
        PluginName: "",
        StandardOutputContent: "",
      });
      expect(await invocation(id, host.id, { PluginName: "two" })).to.include({
        StandardOutputContent: "2\n",
      });
      expect(await refusal(invocation(id, host.id, { PluginName: "three" }))).to.include(
        "InvalidPluginName",
      );
    });

    it("fills in parameters: texts, lists, inside texts", async () => {
      await own([step("say", ["{{ lines }}", "echo {{ word }} '{{ lines }}'"])], {
        word: { type: "String", default: "plain" },
        lines: { type: "StringList" },
      });
      const id = await runOwn({ lines: ["echo a", "echo b"] });
      expect((await invocation(id)).StandardOutputContent).to.equal(
        'a\nb\nplain ["echo a","echo b"]\n',
      );
    });

    it("keeps a parameter out of the script where the document says so", async () => {
      const word = { type: "String", interpolationType: "ENV_VAR" };
      await own([step("say", ['echo "$SSM_word"'])], { word });
      const id = await runOwn({ word: ["$(id); x"] });
      expect((await invocation(id)).StandardOutputContent).to.equal("$(id); x\n");
    });

    it("leaves out steps for another platform", async () => {
      const on = (platform: string) => ({
        precondition: { StringEquals: ["platformType", platform] },
      });
      await own([
        step("windows", ["echo w"], on("Windows")),
        step("linux", ["echo l"], on("Linux")),
      ]);
      const [windows, linux] = await plugins(await runOwn());
      const condition = `'"StringEquals": [platformType, Windows]'`;
      expect(windows).to.include({
        Status: "Success",
        ResponseCode: 0,
        Output: `Step execution skipped due to unsatisfied preconditions: ${condition}. Step name: windows`,
      });
      expect(linux).to.include({ Output: "l\n" });
    });

    it("says what of it is not rehearsed", async () => {
      await own([
        { action: "aws:downloadContent", name: "fetch", inputs: { sourceType: "S3" } },
        step("say", ["echo {{ ssm:word }}"], { onFailure: "exit" }),
      ]);
      expect(await invocation(await runOwn())).to.include({ Status: "Failed" });
      expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([
        "plugin aws:downloadContent",
        "Command document: onFailure",
        "Command document: {{ ssm:word }}",
      ]);
    });
  });

  it("keeps whole outputs, and gives as much as AWS does", async () => {
    const id = await run(script("seq 1 20000; seq 1 20000 >&2"));
    const given = await invocation(id);
    expect(given.StandardOutputContent).to.have.lengthOf(24_000);
    expect(given.StandardErrorContent).to.have.lengthOf(8_000);
    const [plugin] = await plugins(id);
    expect(plugin?.Output).to.have.lengthOf.within(2_390, 2_400);
    expect(plugin?.Output).to.match(/\n---Output truncated---\n----------ERROR-------\n1\n2\n/);
    const [whole] = testCloud.cloud.ssm.commands.invocations(MEMBER, REGION, id);
    expect(whole?.plugins[0]?.result.stdout).to.match(/\n20000\n$/);
  });

  it("keeps outputs in a bucket, with the host's own permission", async () => {
    await testCloud.bucket();
    const input = script("echo kept", {
      OutputS3BucketName: BUCKET,
      OutputS3KeyPrefix: "commands",
    });
    await run(input);
    expect(testCloud.timelineOf("agent").at(-1)).to.match(
      /^warning: the output cannot be kept in s3:\/\/cf-log-packages\/commands\/.*: User: .* is not authorized to perform: s3:PutObject/,
    );
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      name: "outputs",
      role: "host",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Sid: "Keep", Effect: "Allow", Action: PUT, Resource: "*" }],
      },
    });
    await testCloud.create(
      "aws:s3/bucketPolicy:BucketPolicy",
      "test",
      {
        bucket: BUCKET,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "Members",
              Effect: "Allow",
              Principal: { AWS: MEMBER },
              Action: PUT,
              Resource: `arn:aws:s3:::${BUCKET}/*`,
            },
          ],
        },
      },
      { account: LOG },
    );
    const id = await run(input);
    const key = `commands/${id}/${host.id}/awsrunShellScript/0.awsrunShellScript/stdout`;
    const object = await testCloud.cloud.call<{ Body: Uint8Array }>({
      principal: testCloud.operator(LOG),
      account: LOG,
      region: REGION,
      service: "s3",
      operation: "GetObject",
      input: { Bucket: BUCKET, Key: key },
    });
    expect(Buffer.from(object.Body).toString()).to.equal("kept\n");
    expect(await invocation(id)).to.include({
      StandardOutputUrl: `https://s3.${REGION}.amazonaws.com/${BUCKET}/${key}`,
    });
  });

  it("says what of a call is not rehearsed", async () => {
    await run(script("true", { NotificationConfig: { NotificationArn: "x" } }));
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([
      "ssm:SendCommand with NotificationConfig",
    ]);
  });

  it("knows no invocation of another command or instance", async () => {
    const id = await run(script("true"));
    expect(await refusal(invocation("00000000-0000-0000-0000-000000000000"))).to.include(
      "InvalidCommandId",
    );
    expect(await refusal(invocation(id, "i-00000000000000000"))).to.include(
      "InvocationDoesNotExist",
    );
  });
});
