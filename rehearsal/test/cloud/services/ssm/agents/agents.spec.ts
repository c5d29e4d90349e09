import { expect } from "chai";
import type { Instance } from "../../../../../kernel/instance.js";
import { MEMBER, REGION, TestCloud } from "../../../../support/test-cloud.js";
import { refusal } from "../../../refusal.js";

interface Listed {
  readonly InstanceInformationList: readonly Readonly<Record<string, unknown>>[];
}

describe("SsmAgents", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const list = async (...Filters: readonly object[]) =>
    (await testCloud.call<Listed>("ssm", "DescribeInstanceInformation", { Filters }))
      .InstanceInformationList;
  const pings = async () => (await list()).map(({ PingStatus }) => PingStatus);
  const agentCalls = () =>
    testCloud.cloud.calls
      .filter(({ principal }) => principal.includes("/host/"))
      .map(({ call, outcome }) => `${call} ${outcome}`);
  const policy = (name: string, Action: readonly string[]) =>
    testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      name,
      role: "host",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Sid: "Agent", Effect: "Allow", Action, Resource: "*" }],
      },
    });

  it("are listed ten at a time, or up to fifty, and by tags alone or by all else", async () => {
    await testCloud.host("h0", { Role: "web" });
    const profile = testCloud.cloud.iam.profileArn(MEMBER, "host");
    for (let n = 1; n < 12; n++) testCloud.launch(`h${n}`, profile, { Role: "db" });
    await testCloud.cloud.clock.run();
    const page = (input: object) =>
      testCloud.call<Listed>("ssm", "DescribeInstanceInformation", input);
    const first = await page({});
    expect(first.InstanceInformationList).to.have.lengthOf(10);
    const { NextToken } = first as { NextToken?: string };
    expect((await page({ NextToken })).InstanceInformationList).to.have.lengthOf(2);
    expect((await page({ MaxResults: 50 })).InstanceInformationList).to.have.lengthOf(12);
    expect(await refusal(page({ MaxResults: 51 }))).to.include("between 5 and 50");
    const role = { Key: "tag:Role", Values: ["db"] };
    const online = { Key: "PingStatus", Values: ["Online"] };
    const type = { Key: "ResourceType", Values: ["EC2Instance"] };
    expect(await list(role)).to.have.lengthOf(10);
    expect(await list(online, type)).to.have.lengthOf(10);
    expect(await refusal(list(role, online))).to.include(
      "Tag filters can't be combined with other filter types",
    );
  });

  it("goes online a while after the instance runs, with the instance's role", async () => {
    const instance = await testCloud.host();
    expect(await list()).to.deep.equal([
      {
        InstanceId: instance.id,
        AgentName: "amazon-ssm-agent",
        AgentStatus: "Active",
        AgentVersion: "3.3.1345.0",
        PlatformType: "Linux",
        PlatformName: "Amazon Linux",
        PlatformVersion: "2023",
        IPAddress: instance.privateIp,
        ComputerName: `ip-${instance.privateIp.replaceAll(".", "-")}`,
        PingStatus: "Online",
        LastPingDateTime: "2026-01-05T08:01:00Z",
        IsLatestVersion: true,
        ResourceType: "EC2Instance",
        SourceId: instance.id,
        SourceType: "AWS::EC2::Instance",
      },
    ]);
    expect(agentCalls()).to.deep.equal([
      "ssm:UpdateInstanceInformation allowed",
      "ssmmessages:CreateControlChannel allowed",
      "ssmmessages:OpenControlChannel allowed",
    ]);
    expect(testCloud.timelineOf("agent")).to.deep.equal([
      "success: the agent is online (version 3.3.1345.0)",
    ]);
    await testCloud.pass(620);
    expect((await list())[0]).to.include({ LastPingDateTime: "2026-01-05T08:11:00Z" });
  });

  it("is not listed before", async () => {
    testCloud.launch("web", await testCloud.profile());
    await testCloud.pass(30);
    expect(await list()).to.deep.equal([]);
  });

  const offline: readonly (readonly [
    fact: string,
    launch: () => Promise<Instance>,
    cause: string | RegExp,
  ])[] = [
    [
      "the instance has no profile",
      () => Promise.resolve(testCloud.launch("web", undefined)),
      /has no instance profile$/,
    ],
    [
      "the role lacks the permission to register",
      async () => testCloud.launch("web", await testCloud.profile([])),
      /is not authorized to perform: ssm:UpdateInstanceInformation on resource: arn:aws:ec2:eu-central-1:222222222222:instance\/i-[0-9a-f]{17} because no identity-based policy allows/,
    ],
    [
      "the role lacks the permission for the channel",
      async () => {
        const profile = await testCloud.profile([]);
        await policy("half", ["ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel"]);
        return testCloud.launch("web", profile);
      },
      /is not authorized to perform: ssmmessages:OpenControlChannel/,
    ],
  ];
  for (const [fact, launch, cause] of offline) {
    it(`stays offline where ${fact}, tries again, and says why once`, async () => {
      await launch();
      await testCloud.cloud.clock.run();
      const [first = "", second, last] = testCloud.timelineOf("agent");
      expect(first).to.match(/^failure: the agent cannot register: /);
      expect(first).to.match(new RegExp(cause));
      expect(second).to.equal("info: the agent tries again in 5 minutes");
      expect(last).to.match(/^warning: the agent stays offline after 5 attempts/);
      expect(testCloud.timelineOf("agent")).to.have.lengthOf(3);
      // 1 minute to the first attempt, 35 to the last: a run ends.
      expect(testCloud.cloud.clock.iso).to.equal("2026-01-05T08:36:00Z");
      expect((await pings()).filter((ping) => ping === "Online")).to.deep.equal([]);
    });
  }

  it("goes online later where what is missing comes", async () => {
    testCloud.launch("web", await testCloud.profile([]));
    await testCloud.pass(120);
    await policy("late", ["ssm:UpdateInstanceInformation", "ssmmessages:*"]);
    await testCloud.cloud.clock.run();
    expect(testCloud.timelineOf("agent").at(-1)).to.equal(
      "success: the agent is online (version 3.3.1345.0)",
    );
    expect(testCloud.cloud.clock.iso).to.equal("2026-01-05T08:06:00Z");
  });

  it("never registers where the scenario says so", async () => {
    testCloud.cloud.hostConditions.set("web", { agent: "offline" });
    await testCloud.host();
    expect(await list()).to.deep.equal([]);
    expect(testCloud.timelineOf("agent")).to.deep.equal([
      "failure: the agent does not reach Systems Manager: the scenario says that it is offline",
    ]);
  });

  it("loses its connection when the instance stops, and comes back with the disk it had", async () => {
    const instance = await testCloud.host();
    const host = testCloud.cloud.ssm.agents.host(MEMBER, REGION, instance.id);
    await host?.run("echo kept > /var/kept");
    testCloud.cloud.ec2.stop(instance);
    expect(await pings()).to.deep.equal(["ConnectionLost"]);
    await testCloud.cloud.clock.run();
    testCloud.cloud.ec2.start(instance);
    await testCloud.cloud.clock.run();
    expect(await pings()).to.deep.equal(["Online"]);
    expect((await host?.run("cat /var/kept; cut -d. -f1 /proc/uptime"))?.stdout).to.equal(
      "kept\n0\n",
    );
  });

  it("forgets a terminated instance", async () => {
    const instance = await testCloud.host();
    testCloud.cloud.ec2.terminate(instance);
    expect(await list()).to.deep.equal([]);
  });

  it("does not register for an instance that stopped meanwhile", async () => {
    const instance = testCloud.launch("web", await testCloud.profile());
    await testCloud.pass(20);
    testCloud.cloud.ec2.stop(instance);
    await testCloud.cloud.clock.run();
    expect(agentCalls()).to.deep.equal([]);
  });

  it("lists what filters ask for", async () => {
    const instance = await testCloud.host("web", { Role: "web" });
    const count = async (Key: string, ...Values: readonly string[]) =>
      (await list({ Key, Values })).length;
    expect(await count("InstanceIds", instance.id)).to.equal(1);
    expect(await count("InstanceIds", "i-00000000000000000")).to.equal(0);
    expect(await count("PingStatus", "Online")).to.equal(1);
    expect(await count("PlatformTypes", "Windows")).to.equal(0);
    expect(await count("tag:Role", "web")).to.equal(1);
    expect(await count("tag-key", "Owner")).to.equal(0);
    expect(await refusal(count("Colour", "red"))).to.equal(
      "InvalidFilterKey: The specified key isn't valid: Colour",
    );
  });

  it("has files that the scenario gives on the host", async () => {
    testCloud.cloud.hostConditions.set("web", { files: { "/etc/motd": "hello\n" } });
    const { id } = await testCloud.host();
    expect(
      (await testCloud.cloud.ssm.agents.host(MEMBER, REGION, id)?.run("cat /etc/motd"))?.stdout,
    ).to.equal("hello\n");
  });

  it("distinguishes a package that AWS publishes from one that it does not know", async () => {
    const manifest = (PackageName: string) =>
      refusal(testCloud.call("ssm", "GetManifest", { PackageName }));
    expect(await manifest("cf-package-tool")).to.equal(
      "ResourceNotFoundException: Package cf-package-tool does not exist",
    );
    expect(await manifest("AmazonCloudWatchAgent")).to.equal("it was taken");
    expect(await manifest("AWSNVMe")).to.include("not rehearsed: package AWSNVMe");
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal(["package AWSNVMe"]);
  });
});
