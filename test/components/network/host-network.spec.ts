import { expect } from "chai";
import { HostNetwork } from "../../../components/network/host-network.js";
import { inMember } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

describe("HostNetwork", () => {
  const vpcs = { "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }) };
  const subnets = (...ids: string[]) => ({
    ...vpcs,
    "aws:ec2/getSubnets:getSubnets": () => ({ ids }),
  });
  const network = () => new HostNetwork("network", { vpc: "main" }, inMember());

  it("finds the VPC by its name and lets nothing in", async () => {
    const program = await mockProgram({ invokes: vpcs });
    network();
    await program.settled();
    expect(program.called("aws:ec2/getVpcs:getVpcs")).to.deep.equal([{ tags: { Name: "main" } }]);
    expect(program.only("aws:ec2/securityGroup:SecurityGroup").inputs).to.deep.equal({
      description: "Managed hosts: nothing in, HTTPS out",
      vpcId: "vpc-1",
      ingress: [],
      egress: [
        {
          description: "AWS APIs, packages and their repositories",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["0.0.0.0/0"],
        },
      ],
    });
  });

  const directory = ({ directoryId }: Record<string, unknown>) => ({
    dnsIpAddresses: ["10.0.2.10", "10.0.0.10"],
    connectSettings:
      directoryId === "d-0000000002" ? [{ customerDnsIps: ["192.168.0.5", "10.0.0.10"] }] : [],
  });
  const groups = (program: MockedProgram) =>
    program
      .all("aws:ec2/securityGroup:SecurityGroup")
      .filter(({ name }) => name.includes("-to-d-"));

  it("lets hosts that join a directory out only to its controllers", async () => {
    const program = await mockProgram({
      invokes: { ...vpcs, "aws:directoryservice/getDirectory:getDirectory": directory },
    });
    const hostNetwork = network();
    const [first, same] = ["d-0000000001", "d-0000000001"].map((id) =>
      hostNetwork.directoryGroupId(id),
    );
    expect(first).to.equal(same);
    await program.settled();
    const [group, ...others] = groups(program);
    expect(others).to.deep.equal([]);
    expect(group?.inputs["ingress"]).to.deep.equal([]);
    const rules = group?.inputs["egress"] as Record<string, unknown>[];
    const text = ({ protocol, fromPort, toPort }: Record<string, unknown>) =>
      `${String(protocol)} ${[...new Set([fromPort, toPort])].join("-")}`;
    expect(rules.map(text)).to.deep.equal([
      ...["tcp 53", "udp 53", "tcp 88", "udp 88", "udp 123", "tcp 135", "tcp 389", "udp 389"],
      ...["tcp 445", "tcp 464", "udp 464", "tcp 636", "tcp 3268-3269", "tcp 49152-65535"],
    ]);
    for (const { cidrBlocks } of rules) {
      expect(cidrBlocks).to.deep.equal(["10.0.0.10/32", "10.0.2.10/32"]);
    }
  });

  it("lets hosts out to what is behind an AD Connector as well", async () => {
    const program = await mockProgram({
      invokes: { ...vpcs, "aws:directoryservice/getDirectory:getDirectory": directory },
    });
    network().directoryGroupId("d-0000000002");
    await program.settled();
    const rules = groups(program)[0]?.inputs["egress"] as Record<string, unknown>[];
    expect(rules[0]?.["cidrBlocks"]).to.deep.equal([
      "10.0.0.10/32",
      "10.0.2.10/32",
      "192.168.0.5/32",
    ]);
  });

  it("chooses the private subnet whose id sorts first, whatever order AWS answers in", async () => {
    const program = await mockProgram({ invokes: subnets("subnet-b", "subnet-a") });
    const chosen = network().privateSubnetId();
    expect(await program.valueOf(chosen)).to.equal("subnet-a");
    expect(program.called("aws:ec2/getSubnets:getSubnets")).to.deep.equal([
      {
        filters: [
          { name: "vpc-id", values: ["vpc-1"] },
          { name: "map-public-ip-on-launch", values: ["false"] },
        ],
      },
    ]);
  });

  it("looks for a named subnet among the private ones only", async () => {
    const program = await mockProgram({ invokes: subnets("subnet-b") });
    const chosen = network().privateSubnetId("apps");
    expect(await program.valueOf(chosen)).to.equal("subnet-b");
    expect(program.called("aws:ec2/getSubnets:getSubnets")[0]?.["tags"]).to.deep.equal({
      Name: "apps",
    });
  });

  it("takes the ids of a VPC and a subnet that have no tags here", async () => {
    const program = await mockProgram({ invokes: subnets("subnet-0b") });
    const chosen = new HostNetwork("network", { vpc: "vpc-0a" }, inMember());
    expect(await program.valueOf(chosen.privateSubnetId("subnet-0b"))).to.equal("subnet-0b");
    expect(program.invokes.map(({ inputs }) => inputs)).to.deep.equal([
      { filters: [{ name: "vpc-id", values: ["vpc-0a"] }] },
      {
        filters: [
          { name: "vpc-id", values: ["vpc-1"] },
          { name: "map-public-ip-on-launch", values: ["false"] },
          { name: "subnet-id", values: ["subnet-0b"] },
        ],
      },
    ]);
  });

  const shared =
    "what another account shares has none of its tags here: tag it in this account too, or give its id";
  const missing = [
    [undefined, "a subnet", ""],
    ["apps", 'a subnet named "apps"', `; ${shared}`],
  ] as const;
  for (const [names, which, remedy] of missing) {
    it(`refuses a VPC without ${names ? "that" : "any"} private subnet`, async () => {
      const program = await mockProgram({ invokes: subnets() });
      void program.valueOf(network().privateSubnetId(names, "fleet:hosts.web.subnet"));
      const { message } = await program.failure();
      expect(message).to.equal(
        `fleet:hosts.web.subnet: expected ${which} with map-public-ip-on-launch off in the VPC, found none; hosts are never put in a public one${remedy}`,
      );
    });
  }

  const wrong = [
    [[], `found none; ${shared}`],
    [["vpc-2", "vpc-1"], "found vpc-1, vpc-2"],
  ] as const;
  for (const [ids, found] of wrong) {
    it(`refuses a name that ${ids.length} VPCs have`, async () => {
      const program = await mockProgram({
        invokes: { "aws:ec2/getVpcs:getVpcs": () => ({ ids: [...ids] }) },
      });
      new HostNetwork("network", { vpc: "main", vpcKey: "fleet:vpc" }, inMember());
      const { message } = await program.failure();
      // The SDK puts before it which property of which resource had to wait for it.
      expect(message.replace(/^error serializing property "vpcId": /, "")).to.equal(
        `fleet:vpc: expected one VPC called "main" in the provider's Region, ${found}`,
      );
    });
  }
});
