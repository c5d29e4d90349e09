import { expect } from "chai";
import type { Cloud } from "../../../../cloud/cloud.js";
import type { Target } from "../../../../cloud/services/events/delivery.js";
import { deliver } from "../../../../cloud/services/events/delivery.js";
import type { CloudEvent } from "../../../../cloud/services/events/event.js";
import { allow, letsService, policy, trust } from "../../../support/policies.js";
import { MEMBER, REGION, TestCloud } from "../../../support/test-cloud.js";

const RULE = `arn:aws:events:${REGION}:${MEMBER}:rule/running`;

const runbook = {
  schemaVersion: "0.3",
  assumeRole: "{{ AutomationAssumeRole }}",
  parameters: { AutomationAssumeRole: { type: "String" } },
  mainSteps: [{ name: "wait", action: "aws:sleep", inputs: { Duration: "PT1S" } }],
};

describe("the delivery of an event", () => {
  let testCloud: TestCloud;
  let cloud: Cloud;
  let target: Target;
  let queueUrl: string;

  const create = (type: string, name: string, inputs: object = {}) =>
    testCloud.create(type, name, { name, ...inputs });

  beforeEach(async () => {
    testCloud = new TestCloud();
    ({ cloud } = testCloud);
    await testCloud.role("worker");
    await testCloud.role("rules", {
      trusts: policy(trust({ Service: "events.amazonaws.com" })),
      allows: policy(allow(["ssm:StartAutomationExecution", "iam:PassRole"])),
    });
    await create("aws:ssm/document:Document", "runbook", {
      documentType: "Automation",
      content: JSON.stringify(runbook),
    });
    const queue = await create("aws:sqs/queue:Queue", "dead", {
      policy: letsService("events.amazonaws.com", "sqs:SendMessage"),
    });
    queueUrl = queue.id;
    const roleArn = `arn:aws:iam::${MEMBER}:role/rules`;
    target = {
      arn: `arn:aws:ssm:${REGION}:${MEMBER}:automation-definition/runbook:$DEFAULT`,
      roleArn,
      input: JSON.stringify({ AutomationAssumeRole: [`arn:aws:iam::${MEMBER}:role/worker`] }),
      deadLetterArn: `arn:aws:sqs:${REGION}:${MEMBER}:dead`,
      maximumRetryAttempts: 185,
      maximumEventAge: 3600,
    };
  });

  const event = (number: number): CloudEvent => ({
    version: "0",
    id: `${String(number).padStart(8, "0")}-1111-4222-8333-444444444444`,
    "detail-type": "EC2 Instance State-change Notification",
    source: "aws.ec2",
    account: MEMBER,
    time: cloud.clock.iso,
    region: REGION,
    resources: [],
    detail: {},
  });
  /** Delivers as many events at one moment and plays on until all is over. */
  const storm = async (count: number, changes: Partial<Target> = {}) => {
    for (let number = 0; number < count; number++) {
      const delivery = {
        event: event(number),
        ruleArn: RULE,
        ruleName: "running",
        target: { ...target, ...changes },
      };
      cloud.clock.spawn(() => deliver(cloud, delivery));
    }
    await cloud.clock.run();
  };
  const started = () => cloud.ssm.automations.executions.in(MEMBER, REGION).size;
  const dead = () =>
    cloud.sqs
      .queue(queueUrl)
      .messages.map(({ MessageAttributes }) =>
        Object.fromEntries(
          Object.entries(MessageAttributes).map(([key, { StringValue }]) => [key, StringValue]),
        ),
      );

  it("is tried again while AWS throttles, until every start is there", async () => {
    await storm(20);
    expect([started(), dead()]).to.deep.equal([20, []]);
    expect(cloud.calls.filter(({ outcome }) => outcome === "throttled").length).to.be.greaterThan(
      0,
    );
  });

  it("gives up after the attempts that the rule allows, and says so in the dead letter", async () => {
    await storm(3, { maximumRetryAttempts: 0 });
    expect(started()).to.equal(1);
    expect(dead()).to.deep.equal(
      Array.from({ length: 2 }, () => ({
        RULE_ARN: RULE,
        TARGET_ARN: target.arn,
        ERROR_CODE: "THROTTLING",
        ERROR_MESSAGE: "Rate exceeded",
        RETRY_ATTEMPTS: "0",
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      })),
    );
  });

  it("gives up at the age that the rule allows", async () => {
    const begin = cloud.clock.now;
    await storm(200, { maximumEventAge: 60 });
    const exhausted = dead().map((letter) => letter["EXHAUSTED_RETRY_CONDITION"]);
    expect(new Set(exhausted)).to.deep.equal(new Set(["MaximumEventAgeInSeconds"]));
    expect(started() + exhausted.length).to.equal(200);
    const throttled = cloud.calls.filter(({ outcome }) => outcome === "throttled");
    expect(Math.max(...throttled.map(({ time }) => time)) - begin).to.be.at.most(60_000);
  });

  it("is not tried again without permission: at once in the queue, with the event itself", async () => {
    expect(cloud.iam.removeStatement(MEMBER, "rules", "none")).to.equal(false);
    await testCloud.role("weak", { trusts: policy(trust({ Service: "events.amazonaws.com" })) });
    await storm(1, { roleArn: `arn:aws:iam::${MEMBER}:role/weak` });
    expect(dead()).to.have.length(1);
    expect(dead()[0]).to.include({ ERROR_CODE: "NO_PERMISSIONS", RETRY_ATTEMPTS: "0" });
    expect(dead()[0]).to.not.have.property("EXHAUSTED_RETRY_CONDITION");
    const [letter] = cloud.sqs.queue(queueUrl).messages;
    expect(JSON.parse(letter?.Body ?? "")).to.deep.equal(event(0));
  });

  it("finds no runbook that is gone", async () => {
    await storm(1, { arn: target.arn.replace("runbook", "other") });
    expect(dead()[0]).to.include({ ERROR_CODE: "NO_RESOURCE" });
  });

  it("loses an event that no queue takes, and reports it", async () => {
    const { deadLetterArn: _, ...without } = target;
    const lost = () =>
      cloud.timeline
        .filter(({ text }) => text.includes("the event is lost"))
        .map(({ text }) => text.split("; ").at(-1));
    target = without;
    await storm(1, { roleArn: `arn:aws:iam::${MEMBER}:role/none` });
    const locked = await create("aws:sqs/queue:Queue", "locked");
    await storm(1, {
      roleArn: `arn:aws:iam::${MEMBER}:role/none`,
      deadLetterArn: String(locked.state["arn"]),
    });
    expect(lost()[0]).to.equal("the event is lost: the target has no dead-letter queue");
    expect(lost()[1]).to.include(
      "the event is lost: the dead-letter queue refuses it: Service: events.amazonaws.com",
    );
    expect(dead()).to.deep.equal([]);
  });
});
