import { expect } from "chai";
import { Quotas } from "../../../rehearsal/cloud/quotas.js";

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
      Array.from({ length: 1000 }, () => quotas.take("1", "r", "ec2:DescribeInstances", 0)),
    ).to.not.include(false);
  });
});
