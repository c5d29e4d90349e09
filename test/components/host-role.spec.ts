import { expect } from "chai";
import { HostRole } from "../../components/host-role";
import { inMember, memberAccount, partitions } from "../support/account";
import { mockWorld } from "../support/world";

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
