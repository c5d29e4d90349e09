import { expect } from "chai";
import { endpointServices } from "../../../components/network/endpoint-services.js";
import type { SsmEndpointsArgs } from "../../../components/network/ssm-endpoints.js";
import { SsmEndpoints } from "../../../components/network/ssm-endpoints.js";
import { aVpc, inMember, memberAccount, partitions } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const zones: Record<string, string> = { "subnet-1": "a", "subnet-2": "b", "subnet-3": "b" };
/** Only the first subnet has a route table of its own. */
const tables = (subnet: unknown) => (subnet === "subnet-1" ? ["rtb-1"] : []);

const programWith = (vpc: object = {}): Promise<MockedProgram> =>
  mockProgram({
    invokes: {
      "aws:ec2/getVpc:getVpc": () => ({ ...aVpc, ...vpc }),
      "aws:ec2/getSubnet:getSubnet": ({ id }) => ({ availabilityZone: zones[String(id)] }),
      "aws:ec2/getRouteTables:getRouteTables": ({ filters }) => ({
        ids: tables((filters as { values: string[] }[])[0]?.values[0]),
      }),
    },
  });

const endpoints = (args: Partial<SsmEndpointsArgs> = {}) =>
  new SsmEndpoints(
    "endpoints",
    {
      account: memberAccount(),
      region: "eu-central-1",
      services: endpointServices,
      vpcId: "vpc-1",
      subnetIds: Object.keys(zones),
      centralBuckets: ["central"],
      ...args,
    },
    inMember(),
  );

/** The policy of an endpoint, from the text that AWS gets. */
const policyOf = (program: MockedProgram, service: string) =>
  JSON.parse(
    String(program.only("aws:ec2/vpcEndpoint:VpcEndpoint", `-${service}`).inputs["policy"]),
  ) as { Statement: unknown[] };

describe("SsmEndpoints", () => {
  it("reaches each service by its own name, in one subnet of every zone", async () => {
    const program = await programWith();
    endpoints();
    await program.settled();
    const declared = program.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs);
    expect(declared.map(({ serviceName }) => serviceName)).to.deep.equal(
      ["ec2messages", "kms", "logs", "monitoring", "s3", "ssm", "ssmmessages"].map(
        (service) => `com.amazonaws.eu-central-1.${service}`,
      ),
    );
    const { policy, ...ssm } = program.only("aws:ec2/vpcEndpoint:VpcEndpoint", "-ssm").inputs;
    expect(policy).to.be.a("string");
    expect(ssm).to.deep.equal({
      vpcId: "vpc-1",
      serviceName: "com.amazonaws.eu-central-1.ssm",
      vpcEndpointType: "Interface",
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["endpoints-group-id"],
      privateDnsEnabled: true,
      tags: { Name: "endpoints-ssm" },
    });
  });

  it("calls CloudWatch as China does", async () => {
    const program = await programWith();
    endpoints({ account: memberAccount("aws-cn"), region: "cn-north-1" });
    await program.settled();
    const names = program
      .all("aws:ec2/vpcEndpoint:VpcEndpoint")
      .map(({ inputs }) => String(inputs["serviceName"]));
    expect(names.filter((name) => name.startsWith("cn."))).to.deep.equal([
      "cn.com.amazonaws.cn-north-1.monitoring",
    ]);
  });

  it("lets in HTTPS from the VPC's present ranges, and nothing out", async () => {
    const program = await programWith();
    endpoints();
    await program.settled();
    expect(program.only("aws:ec2/securityGroup:SecurityGroup").inputs).to.deep.equal({
      description: "Endpoints: HTTPS from the VPC, nothing out",
      vpcId: "vpc-1",
      ingress: [
        {
          description: "Hosts of the VPC",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
        },
      ],
      egress: [],
    });
  });

  it("puts S3 into the route tables of the private subnets, the main one where they have none", async () => {
    const program = await programWith();
    endpoints({ services: ["s3"] });
    await program.settled();
    const { inputs } = program.only("aws:ec2/vpcEndpoint:VpcEndpoint");
    expect(inputs).to.include({ vpcEndpointType: "Gateway" });
    expect(inputs["routeTableIds"]).to.deep.equal(["rtb-1", "rtb-main"]);
    expect(program.all("aws:ec2/securityGroup:SecurityGroup")).to.deep.equal([]);
  });

  it("is for the VPC's accounts only", async () => {
    const program = await programWith();
    endpoints({ sharedWith: ["333333333333", "222222222222"] });
    await program.settled();
    for (const service of endpointServices.filter((endpoint) => endpoint !== "s3")) {
      expect(policyOf(program, service).Statement, service).to.deep.equal([
        {
          Sid: "AccountsUseEndpoint",
          Effect: "Allow",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: {
            StringEquals: { "aws:PrincipalAccount": ["222222222222", "333333333333"] },
          },
        },
      ]);
    }
  });

  for (const { partition, region } of partitions) {
    it(`lets S3 through in ${partition} to AWS's buckets, the accounts' own and the central one`, async () => {
      const program = await programWith();
      endpoints({ account: memberAccount(partition), region, services: ["s3"] });
      await program.settled();
      const own = { "aws:PrincipalAccount": ["222222222222"] };
      const everyone = { Effect: "Allow", Principal: "*" };
      expect(policyOf(program, "s3").Statement).to.deep.equal([
        {
          Sid: "HostsReadAwsBuckets",
          ...everyone,
          Action: "s3:GetObject",
          Resource: [
            `arn:${partition}:s3:::amazon-ssm-${region}/*`,
            `arn:${partition}:s3:::amazon-ssm-packages-${region}/*`,
            `arn:${partition}:s3:::aws-ssm-${region}/*`,
            `arn:${partition}:s3:::aws-ssm-distributor-file-${region}/*`,
            `arn:${partition}:s3:::aws-ssm-document-attachments-${region}/*`,
            `arn:${partition}:s3:::aws-windows-downloads-${region}/*`,
            `arn:${partition}:s3:::${region}-birdwatcher-prod/*`,
            `arn:${partition}:s3:::al2023-repos-${region}-de612dc2/*`,
          ],
        },
        {
          Sid: "AccountsUseOwnBuckets",
          ...everyone,
          Action: "s3:*",
          Resource: "*",
          Condition: { StringEquals: { ...own, "aws:ResourceAccount": ["222222222222"] } },
        },
        {
          Sid: "AccountsUseCentralBucket",
          ...everyone,
          Action: [
            "s3:GetEncryptionConfiguration",
            "s3:GetObject",
            "s3:PutObject",
            "s3:PutObjectAcl",
          ],
          Resource: [`arn:${partition}:s3:::central`, `arn:${partition}:s3:::central/*`],
          Condition: { StringEquals: own },
        },
      ]);
    });
  }

  const refusals: readonly [what: string, vpc: object, problem: string][] = [
    [
      "a VPC that another account shares",
      { ownerId: "333333333333" },
      "fleet:endpoints: expected a VPC of account 222222222222, got vpc-1, which 333333333333 shares; only its owner can make endpoints in it",
    ],
    [
      "a VPC whose DNS leads past endpoints",
      { enableDnsHostnames: false },
      "fleet:endpoints: expected DNS support and DNS hostnames to be on in vpc-1; without them the services' names lead past the endpoints",
    ],
  ];
  for (const [what, vpc, problem] of refusals) {
    it(`refuses ${what}`, async () => {
      const program = await programWith(vpc);
      endpoints({ services: ["ssm"] });
      const { message } = await program.failure();
      expect(message)
        .to.match(/^error serializing property /)
        .and.to.include(`: ${problem}`);
    });
  }
});
