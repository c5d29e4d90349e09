import { expect } from "chai";
import { REGION, MEMBER, WINDOWS_IMAGE, TestCloud } from "../../support/test-cloud.js";

const LINUX = {
  metrics: {
    append_dimensions: { InstanceId: "${aws:InstanceId}" },
    metrics_collected: { mem: { measurement: ["mem_used_percent"] } },
  },
  logs: {
    logs_collected: {
      files: {
        collect_list: [
          {
            file_path: "/var/log/app*.log",
            log_group_name: "/fleet/app",
            log_stream_name: "{instance_id}",
            retention_in_days: 7,
          },
          { file_path: "/var/log/none.log", log_group_name: "/fleet/none" },
        ],
      },
      journald: { collect_list: [{ units: ["sshd"], log_group_name: "/fleet/journal" }] },
    },
  },
};
const WINDOWS = {
  metrics: { metrics_collected: { Memory: { measurement: ["% Committed Bytes In Use"] } } },
  logs: {
    logs_collected: {
      windows_events: {
        collect_list: [
          { event_name: "System", event_levels: ["ERROR"], log_group_name: "/fleet/windows" },
        ],
      },
    },
  },
};
const PARAMETER = "/cloudwatch/config/linux";

describe("AmazonCloudWatch-ManageAgent", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  /** A host whose role may do what is listed, beside what every managed host may. */
  const host = async (actions: readonly string[], image?: string) => {
    testCloud.cloud.hostConditions.set("web", { files: { "/var/log/app1.log": "one\ntwo\n" } });
    const { id } = await testCloud.host("web", {}, image);
    const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      role: "host",
      policy: { Version: "2012-10-17", Statement },
    });
    return id;
  };
  const ALL = ["ssm:GetParameter", "logs:*", "cloudwatch:PutMetricData"];
  const put = (value: object | string) =>
    testCloud.call("ssm", "PutParameter", {
      Name: PARAMETER,
      Type: "String",
      Value: typeof value === "string" ? value : JSON.stringify(value),
    });
  const send = async (id: string, DocumentName: string, given: Record<string, string>) => {
    const Parameters = Object.fromEntries(
      Object.entries(given).map(([key, text]) => [key, [text]]),
    );
    const { Command } = await testCloud.call<{ Command: { CommandId: string } }>(
      "ssm",
      "SendCommand",
      {
        DocumentName,
        InstanceIds: [id],
        Parameters,
      },
    );
    await testCloud.cloud.clock.run();
    const windows = testCloud.cloud.ssm.agents.host(MEMBER, REGION, id)?.windows !== undefined;
    return testCloud.call<Record<string, string>>("ssm", "GetCommandInvocation", {
      CommandId: Command.CommandId,
      InstanceId: id,
      ...(DocumentName.startsWith("Amazon") && {
        PluginName: `ControlCloudWatchAgent${windows ? "Windows" : "Linux"}`,
      }),
    });
  };
  const install = (id: string) =>
    send(id, "AWS-ConfigureAWSPackage", { action: "Install", name: "AmazonCloudWatchAgent" });
  const manage = (id: string, more: Record<string, string> = {}) =>
    send(id, "AmazonCloudWatch-ManageAgent", { optionalConfigurationLocation: PARAMETER, ...more });
  const groups = () => [...testCloud.cloud.logs.groups.in(MEMBER, REGION).values()];
  const metrics = () => [...testCloud.cloud.cloudwatch.metrics.all.in(MEMBER, REGION).values()];

  it("fails where the agent is not installed, in AWS's words", async () => {
    const id = await host(ALL);
    await put(LINUX);
    expect(await manage(id)).to.include({
      Status: "Failed",
      StandardOutputContent:
        "CloudWatch Agent not installed.  Please install it using the AWS-ConfigureAWSPackage SSM Document.\n",
    });
  });

  it("configures the agent from a parameter; logs and metrics then are there", async () => {
    const id = await host(ALL);
    await put(LINUX);
    await install(id);
    expect(await manage(id)).to.include({ Status: "Success" });
    expect(
      groups().map(({ name, retentionInDays, streams }) => ({
        name,
        retentionInDays,
        streams: [...streams.values()].map((stream) => [
          stream.name,
          stream.events.map(({ message }) => message),
        ]),
      })),
    ).to.deep.equal([
      { name: "/fleet/app", retentionInDays: 7, streams: [[id, ["one", "two"]]] },
      {
        name: "/fleet/journal",
        retentionInDays: undefined,
        streams: [[id, ["(rehearsal: an entry of the journal of sshd)"]]],
      },
    ]);
    expect(
      metrics().map(({ namespace, name, dimensions }) => ({ namespace, name, dimensions })),
    ).to.deep.include({
      namespace: "CWAgent",
      name: "mem_used_percent",
      dimensions: { InstanceId: id },
    });
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([]);
  });

  it("does the same on Windows, with event logs and counters", async () => {
    const id = await host(ALL, WINDOWS_IMAGE);
    await put(WINDOWS);
    await install(id);
    expect(await manage(id)).to.include({ Status: "Success" });
    expect(groups().map(({ name }) => name)).to.deep.equal(["/fleet/windows"]);
    expect(metrics().map(({ name }) => name)).to.deep.include("Memory % Committed Bytes In Use");
    expect([...testCloud.cloud.parsedOnly.keys()]).to.deep.equal([]);
  });

  it("shows what the role may not: no group, no metric, and the denial", async () => {
    const id = await host(["ssm:GetParameter"]);
    await put(LINUX);
    await install(id);
    expect(await manage(id)).to.include({ Status: "Success" });
    expect(groups()).to.deep.equal([]);
    const texts = testCloud.timelineOf("agent").filter((text) => text.includes("reach"));
    expect(texts).to.have.lengthOf(3);
    expect(texts[0]).to.match(
      /^failure: CloudWatch agent: no events reach \/fleet\/app: .* not authorized to perform: logs:CreateLogStream/,
    );
    expect(texts[2]).to.match(
      /^failure: CloudWatch agent: no metrics reach CWAgent: .* not authorized to perform: cloudwatch:PutMetricData/,
    );
    const denied = testCloud.cloud.calls.flatMap(({ denial }) => denial?.action ?? []);
    expect(denied).to.deep.equal([
      "logs:CreateLogStream",
      "logs:CreateLogStream",
      "cloudwatch:PutMetricData",
    ]);
  });

  it("fails for a parameter that there is not, or that the role may not read", async () => {
    const id = await host(ALL);
    await install(id);
    const missing = await manage(id);
    expect(missing["Status"]).to.equal("Failed");
    expect(missing["StandardOutputContent"]).to.match(
      /E! Fail to fetch\/remove json config: ParameterNotFound: .*\nFail to fetch the config!\n$/,
    );
    testCloud = new TestCloud();
    const other = await host(["logs:*"]);
    await put(LINUX);
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      role: "host",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Action: "ssm:GetParameter", Resource: "*" }],
      },
    });
    await install(other);
    expect((await manage(other))["StandardOutputContent"]).to.include("AccessDeniedException");
  });

  it("fails for a configuration that the agent refuses, and leaves the one before", async () => {
    const id = await host(ALL);
    await put({ metrics: { metrics_collected: { mem: { measurement: ["mem_use"] } } } });
    await install(id);
    const refused = await manage(id);
    expect(refused["Status"]).to.equal("Failed");
    expect(refused["StandardOutputContent"]).to.include(
      "Under path : /metrics/metrics_collected/mem/measurement | Error : measurement name mem_use is invalid\nConfiguration validation first phase failed.",
    );
    expect((await manage(id, { action: "status" }))["StandardOutputContent"]).to.include(
      '"configstatus": "not configured"',
    );
  });

  it("reports its status, stops, and forgets configurations", async () => {
    const id = await host(ALL);
    await put(LINUX);
    await install(id);
    await manage(id);
    const status = await manage(id, { action: "status" });
    expect(status["StandardOutputContent"]).to.match(/"status": "running",\n.*\n.*"configured"/);
    await manage(id, { action: "stop" });
    expect((await manage(id, { action: "status" }))["StandardOutputContent"]).to.include(
      '"status": "stopped"',
    );
    await manage(id, { action: "configure (remove)", optionalConfigurationSource: "all" });
    expect((await manage(id, { action: "status" }))["StandardOutputContent"]).to.include(
      '"configstatus": "not configured"',
    );
  });
});
