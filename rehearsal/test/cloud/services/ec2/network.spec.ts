import { expect } from "chai";
import { contains } from "../../../../cloud/services/ec2/vpc.js";
import type { Properties } from "../../../../kernel/resource.js";
import { MEMBER, REGION, TestCloud } from "../../../support/test-cloud.js";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const https = (range: string) => [
  { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [range] },
];

describe("The local cloud's network", () => {
  let testCloud: TestCloud;

  beforeEach(() => {
    testCloud = new TestCloud();
  });

  /** Why an instance with one group in a VPC's private subnet does not reach SSM, and S3. */
  async function unreachable(internet: boolean, egress: Properties[], ingress?: Properties[]) {
    const { network } = testCloud.cloud.ec2;
    network.addVpc(MEMBER, REGION, "closed", { internet });
    const ask = async (what: string, args: Properties) => {
      const answer = await testCloud
        .deployer(MEMBER)
        .invoke(`aws:ec2/get${what}:get${what}`, args, REGION);
      return answer["ids"] as string[];
    };
    const [vpcId = ""] = await ask("Vpcs", { tags: { Name: "closed" } });
    const [subnetId = ""] = await ask("Subnets", { tags: { Name: "closed-private-a" } });
    const group = await testCloud.create(GROUP, "test", { name: "hosts", vpcId, egress });
    if (ingress !== undefined) {
      const { id } = await testCloud.create(GROUP, "test", { name: "ends", vpcId, ingress });
      await testCloud.create("aws:ec2/vpcEndpoint:VpcEndpoint", "test", {
        vpcId,
        serviceName: `com.amazonaws.${REGION}.ssm`,
        vpcEndpointType: "Interface",
        subnetIds: [subnetId],
        securityGroupIds: [id],
        privateDnsEnabled: true,
      });
    }
    const launched = testCloud.launch("web", undefined);
    const instance = { ...launched, subnetId, securityGroupIds: [group.id], privateIp: "10.0.1.5" };
    return [network.unreachable(instance, "ssm"), network.unreachable(instance, "s3"), group.id];
  }

  it("leads to all of AWS where there is a way to the internet", async () => {
    const [ssm, s3] = await unreachable(true, https("0.0.0.0/0"));
    expect([ssm, s3]).to.deep.equal([undefined, undefined]);
  });

  it("leads nowhere past a security group that lets nothing out, until it has a rule", async () => {
    const [ssm, , groupId] = await unreachable(true, []);
    expect(ssm).to.equal("its security groups let no HTTPS out");
    await testCloud.create(RULE, "test", {
      securityGroupId: groupId,
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    const instance = { ...testCloud.launch("other", undefined), securityGroupIds: [groupId ?? ""] };
    expect(testCloud.cloud.ec2.network.unreachable(instance, "ssm")).to.equal(undefined);
  });

  it("leads without the internet only to what the VPC has endpoints for", async () => {
    const [ssm, s3] = await unreachable(false, https("0.0.0.0/0"), https("10.0.0.0/16"));
    expect(ssm).to.equal(undefined);
    expect(s3).to.equal("VPC closed has no way to the internet and no endpoint for s3");
  });

  it("ends at an endpoint whose security group lets others in", async () => {
    const [ssm] = await unreachable(false, https("0.0.0.0/0"), https("10.9.0.0/16"));
    expect(ssm).to.equal("the endpoint for ssm lets nothing in from 10.0.1.5");
  });
});

describe("A range of addresses", () => {
  const cases: readonly [range: string, address: string, holds: boolean][] = [
    ["10.0.0.0/16", "10.0.255.255", true],
    ["10.0.0.0/16", "10.1.0.0", false],
    ["0.0.0.0/0", "203.0.113.1", true],
    ["192.168.1.128/25", "192.168.1.127", false],
    ["10.0.0.1/32", "10.0.0.1", true],
  ];
  for (const [range, address, holds] of cases) {
    it(`${range} ${holds ? "contains" : "does not contain"} ${address}`, () => {
      expect(contains(range, address)).to.equal(holds);
    });
  }
});
