import { expect } from "chai";
import type { CloudWatchConfigsArgs } from "../../../components/bootstrap/cloudwatch-configs.js";
import { CloudWatchConfigs } from "../../../components/bootstrap/cloudwatch-configs.js";
import { inMember } from "../../support/account.js";
import { mockProgram } from "../../support/mocked-program.js";

const declare = async (args: Partial<CloudWatchConfigsArgs> = {}) => {
  const program = await mockProgram();
  const region = "eu-central-1";
  const kmsKeyArn = "arn:of:key";
  new CloudWatchConfigs("logs", { region, kmsKeyArn, configs: {}, ...args }, inMember());
  await program.settled();
  return program;
};

describe("CloudWatchConfigs", () => {
  it("makes every log group once, encrypted, for 90 days", async () => {
    const program = await declare({
      configs: {
        linux: { value: "{}", logGroups: ["/cf/ec2/linux/journal", "/cf/ec2/shared"] },
        web: { value: "{}", logGroups: ["/cf/ec2/shared"] },
      },
    });
    const groups = program.all("aws:cloudwatch/logGroup:LogGroup");
    expect(groups.map(({ inputs }) => inputs)).to.deep.equal(
      ["/cf/ec2/linux/journal", "/cf/ec2/shared"].map((name) => ({
        name,
        kmsKeyId: "arn:of:key",
        retentionInDays: 90,
        region: "eu-central-1",
      })),
    );
  });

  it("keeps logs as long as it is configured to", async () => {
    const configs = { linux: { value: "{}", logGroups: ["/cf/ec2/a"] } };
    const program = await declare({ configs, logRetentionDays: 365 });
    expect(program.only("aws:cloudwatch/logGroup:LogGroup").inputs).to.include({
      retentionInDays: 365,
    });
  });

  it("stores each configuration as the runbook looks for it, readable in previews", async () => {
    const program = await declare({ configs: { web: { value: '{"logs":{}}', logGroups: [] } } });
    expect(program.only("aws:ssm/parameter:Parameter").inputs).to.deep.equal({
      name: "/cloudwatch/config/web",
      description: "CloudWatch agent configuration, which hosts select by a tag",
      type: "String",
      tier: "Standard",
      insecureValue: '{"logs":{}}',
      region: "eu-central-1",
    });
  });

  for (const [bytes, tier] of [
    [4096, "Standard"],
    [4097, "Advanced"],
  ] as const) {
    it(`stores ${bytes} bytes as ${tier}`, async () => {
      const program = await declare({
        configs: { web: { value: "a".repeat(bytes), logGroups: [] } },
      });
      expect(program.only("aws:ssm/parameter:Parameter").inputs).to.include({ tier });
    });
  }
});
