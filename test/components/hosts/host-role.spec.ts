import { expect } from "chai";
import type { HostFeatures } from "../../../components/hosts/host-role.js";
import { HostRole } from "../../../components/hosts/host-role.js";
import { inMember, memberAccount, partitions } from "../../support/account.js";
import { mockProgram } from "../../support/mocked-program.js";

/** What makes the calling instance its own witness: EC2 fills the variable with the one that is asked for. */
const itself = {
  ArnLike: {
    "ec2:SourceInstanceARN": "arn:aws-cn:ec2:*:222222222222:instance/${ec2:InstanceId}",
  },
};

describe("HostRole", () => {
  for (const { partition } of partitions) {
    it(`grants in ${partition} what the agent needs to be reached and to install our packages`, async () => {
      const program = await mockProgram();
      const packages = { accountId: "111111111111", prefix: "cf" };
      new HostRole(
        "hosts",
        { account: memberAccount(partition), packages, features: {} },
        inMember(),
      );
      await program.settled();
      expect(program.only("aws:iam/role:Role").inputs["assumeRolePolicy"]).to.deep.equal({
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
      expect(program.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"]).to.deep.equal({
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
    const program = await mockProgram();
    const packages = { accountId: "111111111111", prefix: "cf" };
    new HostRole("hosts", { account: memberAccount(), packages, features: {} }, inMember());
    await program.settled();
    const { inputs, dependsOn } = program.only("aws:iam/instanceProfile:InstanceProfile");
    expect(inputs).to.deep.equal({ role: "hosts-role-physical" });
    expect(dependsOn).to.include(program.only("aws:iam/rolePolicy:RolePolicy").urn);
  });

  /** By feature the statements that it adds to the role, in China. */
  const features: readonly [what: string, features: HostFeatures, added: object[]][] = [
    [
      "the CloudWatch agent",
      { cloudWatch: { prefix: "cf" } },
      [
        {
          Sid: "ReadCloudWatchConfigs",
          Effect: "Allow",
          Action: "ssm:GetParameter",
          Resource: "arn:aws-cn:ssm:*:222222222222:parameter/cloudwatch/config/*",
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: "arn:aws-cn:logs:*:222222222222:log-group:/cf/ec2/*",
        },
        {
          Sid: "PutMetrics",
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": "CWAgent" } },
        },
      ],
    ],
    [
      "secrets of packages",
      { secrets: ["/tool/token", "other"] },
      [
        {
          Sid: "ReadSecrets",
          Effect: "Allow",
          Action: "ssm:GetParameter",
          Resource: [
            "arn:aws-cn:ssm:*:222222222222:parameter/tool/token",
            "arn:aws-cn:ssm:*:222222222222:parameter/other",
          ],
        },
        {
          Sid: "DecryptSecrets",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: "arn:aws-cn:kms:*:222222222222:key/*",
          Condition: {
            StringLike: {
              "kms:ViaService": ["ssm.*.amazonaws.com", "ssm.*.amazonaws.com.cn"],
              "kms:EncryptionContext:PARAMETER_ARN": [
                "arn:aws-cn:ssm:*:222222222222:parameter/tool/token",
                "arn:aws-cn:ssm:*:222222222222:parameter/other",
              ],
            },
          },
        },
      ],
    ],
    [
      "joining directories",
      { directories: ["d-1234567890"] },
      [
        {
          Sid: "JoinDirectories",
          Effect: "Allow",
          Action: "ds:CreateComputer",
          Resource: ["arn:aws-cn:ds:*:222222222222:directory/d-1234567890"],
        },
        {
          Sid: "ReadDirectories",
          Effect: "Allow",
          Action: "ds:DescribeDirectories",
          Resource: "*",
        },
      ],
    ],
    [
      "snapshots by VSS",
      { vss: true },
      [
        {
          Sid: "ReadItsVolumes",
          Effect: "Allow",
          Action: "ec2:DescribeInstanceAttribute",
          Resource: "arn:aws-cn:ec2:*:222222222222:instance/*",
          Condition: itself,
        },
        {
          Sid: "SnapshotItself",
          Effect: "Allow",
          Action: "ec2:CreateSnapshots",
          Resource: "arn:aws-cn:ec2:*:222222222222:instance/*",
          Condition: itself,
        },
        {
          Sid: "SnapshotVolumes",
          Effect: "Allow",
          Action: "ec2:CreateSnapshots",
          Resource: "arn:aws-cn:ec2:*:222222222222:volume/*",
        },
        {
          Sid: "MakeVssSnapshots",
          Effect: "Allow",
          Action: "ec2:CreateSnapshots",
          Resource: "arn:aws-cn:ec2:*::snapshot/*",
          Condition: { StringLike: { "aws:RequestTag/AwsVssConfig": "*" } },
        },
        {
          Sid: "TagNewSnapshots",
          Effect: "Allow",
          Action: "ec2:CreateTags",
          Resource: "arn:aws-cn:ec2:*::snapshot/*",
          Condition: { StringEquals: { "ec2:CreateAction": "CreateSnapshots" } },
        },
        {
          Sid: "TagVssSnapshots",
          Effect: "Allow",
          Action: "ec2:CreateTags",
          Resource: "arn:aws-cn:ec2:*::snapshot/*",
          Condition: {
            StringLike: { "ec2:ResourceTag/AwsVssConfig": "*" },
            "ForAllValues:StringEquals": { "aws:TagKeys": ["AppConsistent", "Device"] },
          },
        },
        {
          Sid: "ReadSnapshots",
          Effect: "Allow",
          Action: "ec2:DescribeSnapshots",
          Resource: "*",
        },
      ],
    ],
  ];
  for (const [what, used, added] of features) {
    it(`allows ${what} only where the feature is used`, async () => {
      const program = await mockProgram();
      const packages = { accountId: "111111111111", prefix: "cf" };
      const account = memberAccount("aws-cn");
      new HostRole("hosts", { account, packages, features: used }, inMember());
      new HostRole("bare", { account, packages, features: {} }, inMember());
      await program.settled();
      const statementsOf = (name: string) => {
        const { inputs } = program.only("aws:iam/rolePolicy:RolePolicy", name);
        return (inputs["policy"] as { Statement: object[] }).Statement;
      };
      const bare = statementsOf("bare-role");
      expect(bare).to.have.length(5);
      expect(statementsOf("hosts-role")).to.deep.equal([...bare, ...added]);
    });
  }
});
