import { expect } from "chai";
import { Quotas } from "../../kernel/quotas.js";

describe("Quotas", () => {
  const start = "ssm:StartAutomationExecution";

  it("let one automation start a second, account and Region", () => {
    const quotas = new Quotas();
    const take = (now: number, account = "1", region = "r") =>
      quotas.take(account, region, start, now);
    expect([take(0), take(500), take(1_000), take(1_000)]).to.deep.equal([
      true,
      false,
      true,
      false,
    ]);
    expect([take(1_000, "2"), take(1_000, "1", "s")]).to.deep.equal([true, true]);
  });

  it("do not save up more than a second's calls", () => {
    const quotas = new Quotas();
    const take = (now: number) =>
      quotas.take("1", "r", "ssm:DescribeAutomationStepExecutions", now);
    expect(Array.from({ length: 5 }, () => take(60_000))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("leave operations alone that have none here", () => {
    const quotas = new Quotas();
    expect(
      Array.from({ length: 1000 }, () => quotas.take("1", "r", "ssm:SendCommand", 0)),
    ).to.not.include(false);
  });

  const allowedAtOnce = (quotas: Quotas, operation: string, input?: object) => {
    let count = 0;
    while (quotas.take("1", "r", operation, 0, input)) count++;
    return count;
  };

  it("give EC2's operations buckets that fill again, and DescribeInstances without a filter a smaller one", () => {
    const quotas = new Quotas();
    expect(allowedAtOnce(quotas, "ec2:CreateTags")).to.equal(100);
    expect(allowedAtOnce(quotas, "ec2:DescribeInstances", { InstanceIds: ["i-1"] })).to.equal(50);
    expect(allowedAtOnce(quotas, "ec2:DescribeInstances", { Filters: [] })).to.equal(100);
    const later = Array.from({ length: 11 }, () => quotas.take("1", "r", "ec2:CreateTags", 1_000));
    expect(later.filter((allowed) => allowed)).to.have.length(10);
  });

  it("let the operations of Parameter Store that read share one", () => {
    const quotas = new Quotas();
    expect(allowedAtOnce(quotas, "ssm:GetParameters")).to.equal(40);
    expect(allowedAtOnce(quotas, "ssm:GetParametersByPath")).to.equal(0);
  });
});
