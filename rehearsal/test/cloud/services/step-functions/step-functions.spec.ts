import { expect } from "chai";
import { letsService } from "../../../support/policies.js";
import { MEMBER, TestCloud, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";
import { QueryCloud, RUN } from "../athena/query-cloud.js";

const TYPE = "aws:sfn/stateMachine:StateMachine";
const ARN = `arn:aws:states:${REGION}:${MEMBER}:stateMachine:route`;
const TOPIC = `arn:aws:sns:${REGION}:${MEMBER}:told`;

interface Ended {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

describe("Step Functions", () => {
  let testCloud: TestCloud;
  beforeEach(async () => {
    testCloud = new TestCloud();
    await role(testCloud, ["sns:Publish"]);
    await testCloud.create("aws:sns/topic:Topic", "told", { name: "told" });
  });

  const machine = (states: object, more: object = {}, inputs: object = {}) => {
    const [StartAt] = Object.keys(states);
    const definition = JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt,
      States: states,
      ...more,
    });
    const roleArn = `arn:aws:iam::${MEMBER}:role/states`;
    return testCloud.create(TYPE, "route", { name: "route", definition, roleArn, ...inputs });
  };
  const run = async (input: unknown = {}): Promise<Ended> => {
    const start = { stateMachineArn: ARN, input: JSON.stringify(input) };
    const { executionArn } = await testCloud.call<{ executionArn: string }>(
      "stepfunctions",
      "StartExecution",
      start,
    );
    await testCloud.cloud.clock.run();
    return testCloud.call<Ended>("stepfunctions", "DescribeExecution", { executionArn });
  };
  const publish = (more: object = {}) => ({
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Arguments: { TopicArn: TOPIC, Message: "{% $states.input.text %}" },
    ...more,
  });
  const messages = () => testCloud.cloud.sns.topic(TOPIC).messages.map(({ message }) => message);

  it("goes from state to state by choices, with variables and outputs of JSONata", async () => {
    await machine({
      Begin: {
        Type: "Pass",
        Assign: { limit: 2 },
        Output: { rows: "{% $states.input.rows[size > 1] %}" },
        Next: "Many",
      },
      Many: {
        Type: "Choice",
        Choices: [{ Condition: "{% $count($states.input.rows) > $limit %}", Next: "Yes" }],
        Default: "No",
      },
      Yes: { Type: "Succeed", Output: "{% 'many' %}" },
      No: { Type: "Succeed", Output: "{% 'few: ' & $string($limit) %}" },
    });
    const sized = (...sizes: number[]) => run({ rows: sizes.map((size) => ({ size })) });
    expect((await sized(1, 2, 3, 4)).output).to.equal('"many"');
    expect((await sized(2, 3)).output).to.equal('"few: 2"');
  });

  it("maps items one by one, each with its own variables", async () => {
    const processor = {
      StartAt: "Tell",
      States: { Tell: publish({ Output: "{% $states.input.text & '!' %}", End: true }) },
    };
    await machine({
      Each: {
        Type: "Map",
        Items: "{% $states.input.words %}",
        ItemSelector: {
          text: "{% $string($states.context.Map.Item.Index) & $states.context.Map.Item.Value %}",
        },
        MaxConcurrency: 1,
        ItemProcessor: processor,
        End: true,
      },
    });
    expect((await run({ words: ["a", "b"] })).output).to.equal('["0a!","1b!"]');
    expect(messages()).to.deep.equal(["0a", "1b"]);
    expect(await run({ words: "a" })).to.include({
      status: "FAILED",
      error: "States.QueryEvaluationError",
    });
  });

  it("tries a task again with longer and longer pauses, then catches its error", async () => {
    await machine({
      Tell: publish({
        Retry: [{ ErrorEquals: ["SNS.NotFoundException"], IntervalSeconds: 10, MaxAttempts: 2 }],
        Catch: [
          {
            ErrorEquals: ["States.ALL"],
            Assign: { why: "{% $states.errorOutput.Error %}" },
            Next: "Failed",
          },
        ],
        Arguments: { TopicArn: `${TOPIC}-gone`, Message: "m" },
        End: true,
      }),
      Failed: { Type: "Fail", Error: "Told", Cause: "{% $why & ': ' & $states.input.Cause %}" },
    });
    const before = testCloud.cloud.clock.now;
    expect(await run()).to.include({
      status: "FAILED",
      error: "Told",
      cause: "SNS.NotFoundException: Topic does not exist",
    });
    expect(testCloud.cloud.clock.now - before).to.equal(30_000 + 2 * 50);
    expect(testCloud.timelineOf("Step Functions")).to.deep.equal([
      "failure: state machine route ended FAILED: Told: SNS.NotFoundException: Topic does not exist",
    ]);
  });

  it("works as its role, which may do no more than it says", async () => {
    testCloud = new TestCloud();
    await role(testCloud, ["sns:ListTopics"]);
    await testCloud.create("aws:sns/topic:Topic", "told", { name: "told" });
    await machine({ Tell: publish({ End: true }) });
    const { status, error, cause } = await run({ text: "m" });
    expect([status, error]).to.deep.equal(["FAILED", "SNS.AuthorizationErrorException"]);
    expect(cause).to.include("assumed-role/states/");
    expect(cause).to.include("not authorized to perform: sns:Publish");
  });

  it("ends by its time limit, and is ended by hand", async () => {
    const wait = { Wait: { Type: "Wait", Seconds: "{% $states.input.seconds %}", End: true } };
    await machine(wait, { TimeoutSeconds: 60 });
    const before = testCloud.cloud.clock.now;
    expect((await run({ seconds: 3600 })).status).to.equal("TIMED_OUT");
    expect(testCloud.cloud.clock.now - before).to.equal(60_000);
    expect((await run({ seconds: 5 })).status).to.equal("SUCCEEDED");
    const { executionArn } = await testCloud.call<{ executionArn: string }>(
      "stepfunctions",
      "StartExecution",
      { stateMachineArn: ARN, input: '{"seconds": 50}' },
    );
    await testCloud.call("stepfunctions", "StopExecution", { executionArn, cause: "enough" });
    await testCloud.cloud.clock.run();
    expect(await testCloud.call("stepfunctions", "DescribeExecution", { executionArn })).to.include(
      {
        status: "ABORTED",
        cause: "enough",
      },
    );
  });

  it("sends EventBridge events when executions begin and end", async () => {
    await testCloud.create("aws:cloudwatch/eventRule:EventRule", "ended", {
      name: "ended",
      eventPattern: JSON.stringify({ source: ["aws.states"], detail: { status: ["FAILED"] } }),
    });
    await testCloud.create("aws:sns/topicPolicy:TopicPolicy", "policy", {
      arn: TOPIC,
      policy: letsService("events.amazonaws.com", "sns:Publish"),
    });
    await testCloud.create("aws:cloudwatch/eventTarget:EventTarget", "tell", {
      rule: "ended",
      arn: TOPIC,
    });
    await machine({ No: { Type: "Fail", Error: "E", Cause: "C" } });
    await run();
    const event = JSON.parse(messages()[0] ?? "") as { detail: object; "detail-type": string };
    expect(event["detail-type"]).to.equal("Step Functions Execution Status Change");
    expect(event.detail).to.include({
      stateMachineArn: ARN,
      status: "FAILED",
      error: "E",
      cause: "C",
    });
  });

  it("is started by a rule's target, as the target's role", async () => {
    await role(testCloud, ["states:StartExecution"], "events.amazonaws.com", "starter");
    await machine({ Tell: publish({ End: true }) });
    await testCloud.create("aws:cloudwatch/eventRule:EventRule", "hourly", {
      name: "hourly",
      scheduleExpression: "rate(1 hour)",
    });
    await testCloud.create("aws:cloudwatch/eventTarget:EventTarget", "start", {
      rule: "hourly",
      arn: ARN,
      roleArn: `arn:aws:iam::${MEMBER}:role/starter`,
      input: '{"text": "by the hour"}',
    });
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 3_700_000);
    expect(messages()).to.deep.equal(["by the hour"]);
  });

  it("keeps the failure in its log group, if its role may deliver logs", async () => {
    await testCloud.create("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "/cf/routes" });
    const destination = `arn:aws:logs:${REGION}:${MEMBER}:log-group:/cf/routes:*`;
    const logging = { loggingConfiguration: { level: "ERROR", logDestination: destination } };
    const fails = { No: { Type: "Fail", Error: "E", Cause: "C" } };
    expect(await refusal(machine(fails, {}, logging))).to.include(
      "The state machine IAM Role is not authorized to access the Log Destination",
    );
    testCloud = new TestCloud();
    await role(testCloud, ["logs:*"]);
    await testCloud.create("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "/cf/routes" });
    await machine(fails, {}, logging);
    await run();
    const group = testCloud.cloud.logs.group({ account: MEMBER, region: REGION }, "/cf/routes");
    const [stream] = group.streams.values();
    expect(JSON.parse(stream?.events[0]?.message ?? "")).to.deep.include({
      type: "ExecutionFailed",
      details: { error: "E", cause: "C" },
    });
  });

  it("refuses what is no definition, and does not rehearse what it does not know", async () => {
    const refused = async (states: object, more: object = {}) => refusal(machine(states, more));
    expect(await refused({ A: { Type: "Pass", Next: "B" } })).to.include(
      "InvalidDefinition: Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET",
    );
    expect(
      await refused({ A: { Type: "Pass", End: true } }, { QueryLanguage: "JSONPath" }),
    ).to.include("not rehearsed: Step Functions' JSONPath");
    await machine({
      A: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName: "f" },
        End: true,
      },
    });
    expect((await run()).cause).to.include("not rehearsed: Step Functions' task");
    expect([...testCloud.cloud.notRehearsed.keys()]).to.include(
      "Step Functions' task arn:aws:states:::lambda:invoke",
    );
  });
});

describe("Step Functions with Athena", () => {
  const states = {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::athena:startQueryExecution.sync",
      Arguments: {
        QueryString: "{% $states.input.sql %}",
        WorkGroup: "cf-runs",
        QueryExecutionContext: { Database: "cf_runs" },
      },
      Assign: { id: "{% $states.result.QueryExecution.QueryExecutionId %}" },
      Next: "Read",
    },
    Read: {
      Type: "Task",
      Resource: "arn:aws:states:::athena:getQueryResults",
      Arguments: { QueryExecutionId: "{% $id %}" },
      Output: "{% $states.result.ResultSet.Rows.Data[0].VarCharValue %}",
      End: true,
    },
  };
  const ask = async (sql: string) => {
    const testCloud = new QueryCloud();
    await testCloud.prepare();
    await testCloud.output("i-1", "one");
    await role(testCloud, [
      "athena:*",
      "glue:GetTable",
      "s3:GetObject",
      "s3:PutObject",
      "s3:ListBucket",
    ]);
    const definition = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Ask", States: states });
    const roleArn = `arn:aws:iam::${MEMBER}:role/states`;
    await testCloud.create(TYPE, "route", { name: "route", definition, roleArn });
    const { executionArn } = await testCloud.call<{ executionArn: string }>(
      "stepfunctions",
      "StartExecution",
      { stateMachineArn: ARN, input: JSON.stringify({ sql }) },
    );
    await testCloud.cloud.clock.run();
    return testCloud.call<Ended>("stepfunctions", "DescribeExecution", { executionArn });
  };

  it("waits for a query and reads its rows", async () => {
    const { status, output } = await ask(`SELECT line FROM output WHERE run = '${RUN}'`);
    expect([status, output]).to.deep.equal(["SUCCEEDED", '["line","one"]']);
  });

  it("fails with the query, and says why", async () => {
    const { status, error, cause } = await ask("SELECT line FROM output");
    expect([status, error]).to.deep.equal(["FAILED", "States.TaskFailed"]);
    expect(cause).to.include("CONSTRAINT_VIOLATION");
  });
});

/** A role that a service can take, and what it may do. */
async function role(
  testCloud: TestCloud,
  Action: readonly string[],
  Service = "states.amazonaws.com",
  name = "states",
): Promise<void> {
  const trust = { Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" };
  const policy = (Statement: object) => ({ Version: "2012-10-17", Statement: [Statement] });
  await testCloud.create("aws:iam/role:Role", name, { name, assumeRolePolicy: policy(trust) });
  await testCloud.create("aws:iam/rolePolicy:RolePolicy", name, {
    name,
    role: name,
    policy: policy({ Effect: "Allow", Action, Resource: "*" }),
  });
}
