import { expect } from "chai";
import { MEMBER, REGION, WINDOWS_IMAGE, World } from "../../cloud/services/ssm/world.js";

const ID = "d-1234567890";
const NAME = "corp.example.com";
const DNS = ["10.0.0.10", "10.0.2.10"];

describe("AWS-JoinDirectoryServiceDomain", () => {
  let world: World;
  let id: string;
  beforeEach(async () => {
    world = new World();
    world.cloud.directoryService.add(MEMBER, REGION, { id: ID, name: NAME, dnsIpAddresses: DNS });
    ({ id } = await world.host("win", {}, WINDOWS_IMAGE));
  });

  const allow = (...Action: string[]) =>
    world.create(MEMBER, "aws:iam/rolePolicy:RolePolicy", {
      role: "host",
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] },
    });
  const join = async (more: object = {}, instanceId = id) => {
    const { Command } = await world.call<{ Command: { CommandId: string } }>("SendCommand", {
      DocumentName: "AWS-JoinDirectoryServiceDomain",
      InstanceIds: [instanceId],
      Parameters: { directoryId: [ID], directoryName: [NAME], dnsIpAddresses: DNS, ...more },
    });
    await world.cloud.clock.run();
    return world.call<Record<string, string>>("GetCommandInvocation", {
      CommandId: Command.CommandId,
      InstanceId: instanceId,
    });
  };
  const host = () => world.cloud.ssm.agents.host(MEMBER, REGION, id);
  const computers = () =>
    world.cloud.directoryService.directory({ account: MEMBER, region: REGION }, ID).computers;

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
    world.cloud.ec2.network.addVpc(MEMBER, REGION, "main");
    const found = await world.deployer(MEMBER).invoke("aws:ec2/getVpcs:getVpcs", {}, REGION);
    const [vpcId] = found["ids"] as string[];
    const out = (fromPort: number, toPort: number, cidrBlocks: string[]) => ({
      ...{ protocol: "tcp", fromPort, toPort, cidrBlocks },
    });
    const directory = DNS.map((address) => `${address}/32`);
    const group = await world.create(MEMBER, "aws:ec2/securityGroup:SecurityGroup", {
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
    world = new World();
    const linux = await world.host();
    expect((await join({}, linux.id))["Status"]).to.equal("Failed");
    expect([...world.cloud.notRehearsed.keys()]).to.deep.equal(["aws:domainJoin on Linux"]);
  });
});
