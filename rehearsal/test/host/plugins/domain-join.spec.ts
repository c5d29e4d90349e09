import { expect } from "chai";
import { MEMBER, REGION, WINDOWS_IMAGE, TestCloud } from "../../support/test-cloud.js";

const ID = "d-1234567890";
const NAME = "corp.example.com";
const DNS = ["10.0.0.10", "10.0.2.10"];

describe("AWS-JoinDirectoryServiceDomain", () => {
  let testCloud: TestCloud;
  let id: string;
  beforeEach(async () => {
    testCloud = new TestCloud();
    testCloud.cloud.directoryService.add(MEMBER, REGION, {
      id: ID,
      name: NAME,
      dnsIpAddresses: DNS,
    });
    ({ id } = await testCloud.host("win", {}, WINDOWS_IMAGE));
  });

  const allow = (...Action: string[]) =>
    testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      role: "host",
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] },
    });
  const join = async (more: object = {}, instanceId = id) => {
    const { Command } = await testCloud.call<{ Command: { CommandId: string } }>(
      "ssm",
      "SendCommand",
      {
        DocumentName: "AWS-JoinDirectoryServiceDomain",
        InstanceIds: [instanceId],
        Parameters: { directoryId: [ID], directoryName: [NAME], dnsIpAddresses: DNS, ...more },
      },
    );
    await testCloud.cloud.clock.run();
    return testCloud.call<Record<string, string>>("ssm", "GetCommandInvocation", {
      CommandId: Command.CommandId,
      InstanceId: instanceId,
    });
  };
  const host = () => testCloud.cloud.ssm.agents.host(MEMBER, REGION, id);
  const computers = () =>
    testCloud.cloud.directoryService.directory({ account: MEMBER, region: REGION }, ID).computers;

  it("makes the computer's account, joins and restarts the host, once", async () => {
    await allow("ds:CreateComputer", "ds:DescribeDirectories");
    expect(await join()).to.include({
      Status: "Success",
      StandardOutputContent: "Domain join succeeded.",
    });
    expect(computers()).to.deep.equal([host()?.windows?.computerName]);
    expect(host()?.name).to.equal(`${computers()[0] ?? ""}.${NAME}`);
    expect(host()?.windows?.reboots).to.equal(1);
    expect(await join()).to.include({ Status: "Success" });
    expect(host()?.windows?.reboots).to.equal(1);
  });

  it("fails with a role that may not make the account", async () => {
    await allow("ds:DescribeDirectories");
    const result = await join();
    expect(result["Status"]).to.equal("Failed");
    expect(result["StandardErrorContent"]).to.match(/not authorized to perform: ds:CreateComputer/);
    expect(host()?.windows?.domain).to.equal(undefined);
  });

  it("fails where the security groups let nothing out to the directory", async () => {
    await allow("ds:*");
    testCloud.cloud.ec2.network.addVpc(MEMBER, REGION, "main");
    const found = await testCloud.deployer(MEMBER).invoke("aws:ec2/getVpcs:getVpcs", {}, REGION);
    const [vpcId] = found["ids"] as string[];
    const out = (fromPort: number, toPort: number, cidrBlocks: string[]) => ({
      ...{ protocol: "tcp", fromPort, toPort, cidrBlocks },
    });
    const directory = DNS.map((address) => `${address}/32`);
    const group = await testCloud.create("aws:ec2/securityGroup:SecurityGroup", "test", {
      name: "hosts",
      vpcId,
      egress: [out(443, 443, ["0.0.0.0/0"]), out(53, 389, directory)],
    });
    Object.assign(host()?.instance ?? {}, { securityGroupIds: [group.id] });
    const result = await join();
    expect(result["Status"]).to.equal("Failed");
    expect(result["StandardErrorContent"]).to.include(
      "its security groups let nothing out to 10.0.0.10:445, 10.0.2.10:445",
    );
    expect(computers()).to.deep.equal([]);
  });

  it("fails for a directory that there is not, another name, or one DNS server", async () => {
    await allow("ds:*");
    const cases: readonly (readonly [more: object, words: string])[] = [
      [{ directoryId: ["d-0000000000"] }, "EntityDoesNotExistException: Directory d-0000000000"],
      [{ directoryName: ["other.example.com"] }, "The specified domain other.example.com either"],
      [{ dnsIpAddresses: ["10.0.0.10"] }, "Must provide two dns addresses."],
    ];
    for (const [more, words] of cases) {
      const result = await join(more);
      expect(result["Status"]).to.equal("Failed");
      expect(result["StandardErrorContent"]).to.include(words);
    }
    expect(computers()).to.deep.equal([]);
  });

  it("is not rehearsed on Linux", async () => {
    testCloud = new TestCloud();
    const linux = await testCloud.host();
    expect((await join({}, linux.id))["Status"]).to.equal("Failed");
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal(["aws:domainJoin on Linux"]);
  });
});
