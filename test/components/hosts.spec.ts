import { expect } from "chai";
import { ArgumentError } from "../../components/arguments";
import { HostNetwork } from "../../components/host-network";
import { HostRole } from "../../components/host-role";
import { ManagedHost, ManagedHostArgs } from "../../components/managed-host";
import { inMember, memberAccount, partitions } from "../support/account";
import { mockWorld, World } from "../support/world";

describe("HostRole", () => {
  for (const { partition } of partitions) {
    it(`grants in ${partition} what the agent needs to be reached and to install our packages`, async () => {
      const world = await mockWorld();
      const packages = { accountId: "111111111111", prefix: "cf" };
      new HostRole("hosts", { account: memberAccount(partition), packages }, inMember());
      await world.settled();
      expect(world.only("aws:iam/role:Role").inputs["assumeRolePolicy"]).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Instances",
            Effect: "Allow",
            Principal: { Service: "ec2.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      });
      expect(world.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"]).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ReportItself",
            Effect: "Allow",
            Action: "ssm:UpdateInstanceInformation",
            Resource: `arn:${partition}:ec2:*:222222222222:instance/*`,
          },
          {
            Sid: "ListenForCommands",
            Effect: "Allow",
            Action: [
              "ssmmessages:CreateControlChannel",
              "ssmmessages:CreateDataChannel",
              "ssmmessages:OpenControlChannel",
              "ssmmessages:OpenDataChannel",
              "ec2messages:AcknowledgeMessage",
              "ec2messages:DeleteMessage",
              "ec2messages:FailMessage",
              "ec2messages:GetEndpoint",
              "ec2messages:GetMessages",
              "ec2messages:SendReply",
            ],
            Resource: "*",
          },
          {
            Sid: "FollowAssociations",
            Effect: "Allow",
            Action: ["ssm:ListInstanceAssociations", "ssm:UpdateInstanceAssociationStatus"],
            Resource: [
              `arn:${partition}:ec2:*:222222222222:instance/*`,
              `arn:${partition}:ssm:*:222222222222:association/*`,
            ],
          },
          {
            Sid: "FetchPackages",
            Effect: "Allow",
            Action: ["ssm:DescribeDocument", "ssm:GetDocument"],
            Resource: `arn:${partition}:ssm:*:111111111111:document/cf-package-*`,
          },
          {
            Sid: "InstallPackages",
            Effect: "Allow",
            Action: ["ssm:GetManifest", "ssm:PutConfigurePackageResult"],
            Resource: "*",
          },
        ],
      });
    });
  }

  it("gives its profile to instances only when the policy is there", async () => {
    const world = await mockWorld();
    const packages = { accountId: "111111111111", prefix: "cf" };
    new HostRole("hosts", { account: memberAccount(), packages }, inMember());
    await world.settled();
    const { inputs, dependsOn } = world.only("aws:iam/instanceProfile:InstanceProfile");
    expect(inputs).to.deep.equal({ role: "hosts-role-physical" });
    expect(dependsOn).to.include(world.only("aws:iam/rolePolicy:RolePolicy").urn);
  });
});

describe("HostNetwork", () => {
  const vpcs = { "aws:ec2/getVpc:getVpc": () => ({ id: "vpc-1" }) };
  const subnets = (...ids: string[]) => ({
    ...vpcs,
    "aws:ec2/getSubnets:getSubnets": () => ({ ids }),
  });
  const network = () => new HostNetwork("network", { vpc: "main" }, inMember());

  it("finds the VPC by its name and lets nothing in", async () => {
    const world = await mockWorld({ invokes: vpcs });
    network();
    await world.settled();
    expect(world.called("aws:ec2/getVpc:getVpc")).to.deep.equal([{ tags: { Name: "main" } }]);
    expect(world.only("aws:ec2/securityGroup:SecurityGroup").inputs).to.deep.equal({
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

  it("chooses the private subnet whose id sorts first, whatever order AWS answers in", async () => {
    const world = await mockWorld({ invokes: subnets("subnet-b", "subnet-a") });
    const chosen = network().privateSubnetId();
    expect(await world.valueOf(chosen)).to.equal("subnet-a");
    expect(world.called("aws:ec2/getSubnets:getSubnets")).to.deep.equal([
      {
        filters: [
          { name: "vpc-id", values: ["vpc-1"] },
          { name: "map-public-ip-on-launch", values: ["false"] },
        ],
      },
    ]);
  });

  it("looks for a named subnet among the private ones only", async () => {
    const world = await mockWorld({ invokes: subnets("subnet-b") });
    const chosen = network().privateSubnetId("apps");
    expect(await world.valueOf(chosen)).to.equal("subnet-b");
    expect(world.called("aws:ec2/getSubnets:getSubnets")[0]?.["tags"]).to.deep.equal({
      Name: "apps",
    });
  });

  const missing = [
    [undefined, "expected a subnet with"],
    ["apps", 'expected a subnet named "apps" with'],
  ] as const;
  for (const [named, start] of missing) {
    it(`refuses a VPC without ${named ? "that" : "any"} private subnet`, async () => {
      const world = await mockWorld({ invokes: subnets() });
      void world.valueOf(network().privateSubnetId(named));
      const { message } = await world.failure();
      expect(message).to.equal(
        `${start} map-public-ip-on-launch off in the VPC, found none; hosts are never put in a public one`,
      );
    });
  }
});

describe("ManagedHost", () => {
  let world: World;
  beforeEach(async () => {
    world = await mockWorld({
      invokes: {
        "aws:ssm/getParameter:getParameter": ({ name }) => ({
          insecureValue: `ami of ${String(name)}`,
        }),
      },
    });
  });

  const host = (args: Partial<ManagedHostArgs> = {}) =>
    new ManagedHost(
      "web",
      {
        instanceType: "t3.micro",
        enabled: true,
        packages: ["tool", "other"],
        instanceProfile: "profile",
        securityGroupId: "sg-1",
        subnetId: "subnet-1",
        ...args,
      },
      inMember(),
    );

  const images = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";

  it("is private, encrypted, without a key pair, on IMDSv2, and tagged for the bootstrap", async () => {
    host();
    await world.settled();
    const { inputs } = world.only("aws:ec2/instance:Instance");
    expect(inputs).to.deep.equal({
      ami: `ami of ${images}x86_64`,
      instanceType: "t3.micro",
      iamInstanceProfile: "profile",
      subnetId: "subnet-1",
      vpcSecurityGroupIds: ["sg-1"],
      associatePublicIpAddress: false,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      rootBlockDevice: { encrypted: true, volumeType: "gp3" },
      tags: {
        Name: "web",
        "cf.ec2.bootstrap.enabled": "true",
        "cf.ec2.bootstrap.packages": '["tool","other"]',
      },
    });
  });

  it("is not replaced because there is a newer image or another first subnet", async () => {
    host();
    await world.settled();
    const { ignoreChanges } = world.only("aws:ec2/instance:Instance");
    expect(ignoreChanges).to.deep.equal(["ami", "subnetId"]);
  });

  it("says when it is not to be bootstrapped", async () => {
    host({ enabled: false });
    await world.settled();
    const tags = world.only("aws:ec2/instance:Instance").inputs["tags"];
    expect(tags).to.include({ "cf.ec2.bootstrap.enabled": "false" });
  });

  const processors = {
    x86_64: [
      "t3.micro",
      "m7i-flex.large",
      "g5.xlarge",
      "g4dn.xlarge",
      "u-6tb1.metal",
      "p6-b200.48xlarge",
    ],
    arm64: ["t4g.micro", "c7gn.large", "im4gn.large", "is4gen.large", "g5g.xlarge", "a1.large"],
  };
  for (const [processor, types] of Object.entries(processors)) {
    for (const instanceType of types) {
      it(`takes the ${processor} image for ${instanceType}`, async () => {
        host({ instanceType });
        await world.settled();
        const asked = world.called("aws:ssm/getParameter:getParameter");
        expect(asked).to.deep.equal([{ name: images + processor }]);
      });
    }
  }

  it("refuses an instance type that is none", () => {
    expect(() => host({ instanceType: "micro" })).to.throw(
      ArgumentError,
      'ManagedHost "web": invalid arguments\n  instanceType: expected an EC2 instance type such as "t3.micro", got "micro"',
    );
  });
});
