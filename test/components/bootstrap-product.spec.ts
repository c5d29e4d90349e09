import { expect } from "chai";
import { ArgumentError } from "../../components/arguments";
import { BootstrapProduct, BootstrapProductArgs } from "../../components/bootstrap-product";
import { inMember, memberAccount, partitions } from "../support/account";
import { Declared, mockWorld, World } from "../support/world";

const product = (args: Partial<BootstrapProductArgs> = {}) =>
  new BootstrapProduct(
    "bootstrap",
    {
      account: memberAccount(),
      prefix: "cf",
      regions: ["eu-central-1"],
      runbook: "schemaVersion: '0.3'\n",
      packages: { accountId: "111111111111", prefix: "log" },
      ...args,
    },
    inMember(),
  );

const statements = ({ inputs }: Declared, property: string) => {
  const written = inputs[property];
  return (typeof written === "string" ? JSON.parse(written) : written) as unknown;
};

for (const { partition, region } of partitions) {
  describe(`BootstrapProduct in ${partition} (declared; the rehearsal shows that it is enough)`, () => {
    let world: World;
    before(async () => {
      world = await mockWorld();
      product({ account: memberAccount(partition), regions: [region] });
      await world.settled();
    });

    const document = (...Statement: unknown[]) => ({ Version: "2012-10-17", Statement });

    it("lets only automations of its account be the automation role", () => {
      const role = world.only("aws:iam/role:Role", "-automation");
      expect(statements(role, "assumeRolePolicy")).to.deep.equal(
        document({
          Sid: "AutomationsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "ssm.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "222222222222" },
            ArnLike: {
              "aws:SourceArn": `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
            },
          },
        }),
      );
    });

    it("lets the automation do what the runbook does, and nothing else", () => {
      const policy = world.only("aws:iam/rolePolicy:RolePolicy", "-automation");
      expect(policy.inputs["role"]).to.equal("bootstrap-roles-automation-physical");
      expect(statements(policy, "policy")).to.deep.equal(
        document(
          {
            Sid: "ReadInstances",
            Effect: "Allow",
            Action: "ec2:DescribeInstances",
            Resource: "*",
          },
          {
            Sid: "ReadAgents",
            Effect: "Allow",
            Action: "ssm:DescribeInstanceInformation",
            Resource: "*",
          },
          {
            Sid: "UsePackageDocument",
            Effect: "Allow",
            Action: "ssm:SendCommand",
            Resource: `arn:${partition}:ssm:*::document/AWS-ConfigureAWSPackage`,
          },
          {
            Sid: "CommandEnabledInstances",
            Effect: "Allow",
            Action: "ssm:SendCommand",
            Resource: `arn:${partition}:ec2:*:222222222222:instance/*`,
            Condition: {
              StringEqualsIgnoreCase: { "ssm:resourceTag/cf.ec2.bootstrap.enabled": "true" },
            },
          },
          {
            Sid: "FollowCommands",
            Effect: "Allow",
            Action: ["ssm:CancelCommand", "ssm:ListCommandInvocations", "ssm:ListCommands"],
            Resource: "*",
          },
          {
            Sid: "WriteStatusTags",
            Effect: "Allow",
            Action: "ec2:CreateTags",
            Resource: `arn:${partition}:ec2:*:222222222222:instance/*`,
            Condition: {
              "ForAllValues:StringLike": { "aws:TagKeys": ["cf.ec2.bootstrap-status*"] },
              Null: { "aws:TagKeys": "false" },
            },
          },
          {
            Sid: "ReadSteps",
            Effect: "Allow",
            Action: "ssm:DescribeAutomationStepExecutions",
            Resource: `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
          },
        ),
      );
    });

    it("lets only its own rules be the rules role", () => {
      const role = world.only("aws:iam/role:Role", "-rules");
      expect(statements(role, "assumeRolePolicy")).to.deep.equal(
        document({
          Sid: "RulesOfThisProduct",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "222222222222" },
            ArnLike: {
              "aws:SourceArn": `arn:${partition}:events:*:222222222222:rule/cf-ec2-bootstrap-*`,
            },
          },
        }),
      );
    });

    it("lets the rules start the runbook and hand it its role, to Systems Manager alone", () => {
      const policy = world.only("aws:iam/rolePolicy:RolePolicy", "-rules");
      expect(policy.inputs["role"]).to.equal("bootstrap-roles-rules-physical");
      expect(statements(policy, "policy")).to.deep.equal(
        document(
          {
            Sid: "StartRunbook",
            Effect: "Allow",
            Action: "ssm:StartAutomationExecution",
            Resource: [
              `arn:${partition}:ssm:*:222222222222:automation-definition/cf-ec2-bootstrap:*`,
              `arn:${partition}:ssm:*:222222222222:document/cf-ec2-bootstrap`,
              `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
            ],
          },
          {
            Sid: "PassAutomationRole",
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: "arn:of:bootstrap-roles-automation",
            Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
          },
        ),
      );
    });

    it("lets EventBridge use the key for the queue of this account", () => {
      const key = world.only("aws:kms/key:Key");
      expect(key.inputs["enableKeyRotation"]).to.equal(true);
      expect(statements(key, "policy")).to.deep.equal(
        document(
          {
            Sid: "IamOfThisAccountDecides",
            Effect: "Allow",
            Principal: { AWS: `arn:${partition}:iam::222222222222:root` },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Sid: "RulesEncryptDeadLetters",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: "*",
            Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } },
          },
        ),
      );
    });

    it("takes dead letters from its rules only, over TLS only", () => {
      const queue = `arn:of:bootstrap-${region}-dead-letters-queue`;
      expect(statements(world.only("aws:sqs/queuePolicy:QueuePolicy"), "policy")).to.deep.equal(
        document(
          {
            Sid: "RulesSendDeadLetters",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queue,
            Condition: { ArnEquals: { "aws:SourceArn": [`arn:of:bootstrap-${region}-running`] } },
          },
          {
            Sid: "OnlyOverTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queue,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ),
      );
    });

    it("targets the runbook's default version as an automation, with what the runbook needs", () => {
      const { inputs, dependsOn } = world.only("aws:cloudwatch/eventTarget:EventTarget");
      const { inputTransformer, ...target } = inputs;
      expect(target).to.deep.equal({
        rule: "cf-ec2-bootstrap-running",
        arn: `arn:${partition}:ssm:${region}:222222222222:automation-definition/cf-ec2-bootstrap:$DEFAULT`,
        roleArn: "arn:of:bootstrap-roles-rules",
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: `arn:of:bootstrap-${region}-dead-letters-queue` },
        region,
      });
      const { inputPaths, inputTemplate } = inputTransformer as Record<string, unknown>;
      expect(inputPaths).to.deep.equal({ instance: "$.detail.instance-id" });
      expect(JSON.parse(String(inputTemplate))).to.deep.equal({
        InstanceId: ["<instance>"],
        AutomationAssumeRole: ["arn:of:bootstrap-roles-automation"],
        PackageArnPrefix: [`arn:${partition}:ssm:${region}:111111111111:document/log-package-`],
      });
      expect(dependsOn).to.include.members([
        world.only("aws:ssm/document:Document").urn,
        world.only("aws:sqs/queuePolicy:QueuePolicy").urn,
      ]);
    });
  });
}

describe("BootstrapProduct", () => {
  let world: World;
  beforeEach(async () => {
    world = await mockWorld();
  });

  it("hands AWS the runbook byte for byte", async () => {
    const runbook = "# a comment\nschemaVersion: '0.3' \n";
    product({ runbook });
    await world.settled();
    const { inputs, deleteBeforeReplace } = world.only("aws:ssm/document:Document");
    expect(inputs).to.deep.equal({
      name: "cf-ec2-bootstrap",
      documentType: "Automation",
      documentFormat: "YAML",
      content: runbook,
      region: "eu-central-1",
    });
    expect(deleteBeforeReplace).to.equal(true);
  });

  it("listens for instances that run", async () => {
    product();
    await world.settled();
    const { eventPattern, ...rule } = world.only("aws:cloudwatch/eventRule:EventRule").inputs;
    expect(rule).to.deep.equal({
      name: "cf-ec2-bootstrap-running",
      description: "Bootstraps an instance whenever it starts",
      region: "eu-central-1",
    });
    expect(JSON.parse(String(eventPattern))).to.deep.equal({
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["running"] },
    });
  });

  it("keeps dead letters encrypted for 14 days and raises an alarm at the first", async () => {
    product();
    await world.settled();
    expect(world.only("aws:sqs/queue:Queue").inputs).to.deep.equal({
      kmsMasterKeyId: "arn:of:bootstrap-eu-central-1-encryption-key",
      messageRetentionSeconds: 1209600,
      region: "eu-central-1",
    });
    expect(world.only("aws:cloudwatch/metricAlarm:MetricAlarm").inputs).to.deep.equal({
      alarmDescription:
        "Instances of eu-central-1 whose bootstrap could not be started; see the queue's messages",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "bootstrap-eu-central-1-dead-letters-queue-physical" },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      region: "eu-central-1",
    });
  });

  it("has its roles once and all else in every Region", async () => {
    product({ regions: ["eu-central-1", "eu-west-1"] });
    await world.settled();
    expect(world.all("aws:iam/role:Role")).to.have.length(2);
    expect(world.all("aws:iam/rolePolicy:RolePolicy")).to.have.length(2);
    const inBoth = [
      "aws:kms/key:Key",
      "aws:kms/alias:Alias",
      "aws:ssm/document:Document",
      "aws:sqs/queue:Queue",
      "aws:sqs/queuePolicy:QueuePolicy",
      "aws:cloudwatch/eventRule:EventRule",
      "aws:cloudwatch/eventTarget:EventTarget",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
    ];
    for (const type of inBoth) {
      const regions = world.all(type).map(({ inputs }) => inputs["region"]);
      expect(regions, type).to.deep.equal(["eu-central-1", "eu-west-1"]);
    }
  });

  it("refuses no Regions and a runbook that SSM would", () => {
    expect(() => product({ regions: [], runbook: "a".repeat(65537) })).to.throw(
      ArgumentError,
      [
        'BootstrapProduct "bootstrap": invalid arguments',
        "  regions: expected at least one Region, got none",
        "  runbook: expected at most 65536 bytes, got 65537",
      ].join("\n"),
    );
  });
});
