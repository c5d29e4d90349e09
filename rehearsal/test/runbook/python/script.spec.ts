import { expect } from "chai";
import type { Json } from "../../../../runbooks/loader/step.js";
import { Clock } from "../../../kernel/clock.js";
import { REHEARSAL_STARTS } from "../../../kernel/timeline.js";
import { Interpreter } from "../../../runbook/python/interpreter.js";
import type { Api, Played } from "../support.js";
import { play, refused, runbookWith, throttled } from "../support.js";

const indented = (script: string) =>
  script
    .trim()
    .split("\n")
    .map((line) => `        ${line}`)
    .join("\n");

interface Given {
  readonly apis?: Readonly<Record<string, Api>>;
  readonly payload?: Json;
  readonly outputs?: string;
  readonly timeoutSeconds?: number;
}

/** Runs a script whose handler is `run`. */
function runScript(script: string, given: Given = {}): Promise<Played> {
  const { apis = {}, payload = {}, outputs = "[]", timeoutSeconds = 600 } = given;
  const step = `  - name: s
    action: aws:executeScript
    timeoutSeconds: ${timeoutSeconds}
    inputs:
      Runtime: python3.11
      Handler: run
      InputPayload: ${JSON.stringify(payload)}
      Script: |-
${indented(script)}
    outputs: ${outputs}
`;
  return play(runbookWith(step), { apis });
}

const payloadOf = ({ execution }: Played) => execution.steps[0]?.outputs.Payload;

const reasonOf = ({ execution }: Played) => execution.reason ?? "";

describe("aws:executeScript in Python", function () {
  // The first script waits until the interpreter is loaded.
  this.timeout(60_000);

  describe("handler", () => {
    it("gets the payload and gives outputs of their types", async () => {
      const played = await runScript(
        "def run(events, context):\n    return {'n': events['n'] + 1, 'l': ['a']}",
        {
          payload: { n: 1 },
          outputs:
            "[{ Name: N, Selector: $.Payload.n, Type: Integer }, { Name: L, Selector: $.Payload.l, Type: StringList }]",
        },
      );
      expect(played.execution.steps[0]?.outputs).to.deep.equal({
        Payload: { n: 2, l: ["a"] },
        N: 2,
        L: ["a"],
      });
    });

    it("fails for an output of another type, as nothing is converted", async () => {
      const played = await runScript("def run(events, context):\n    return {'n': '1'}", {
        outputs: "[{ Name: N, Selector: $.Payload.n, Type: Integer }]",
      });
      expect(reasonOf(played)).to.equal(
        'Output N is declared as Integer, but $.Payload.n selects "1"',
      );
    });

    it("keeps what it prints", async () => {
      const played = await runScript(
        "def run(events, context):\n    print('hello')\n    print('there')",
      );
      expect(played.execution.steps[0]?.stdout).to.equal("hello\nthere\n");
    });

    it("sees nothing of the scripts before it", async () => {
      await runScript("leak = 1\ndef run(events, context):\n    pass");
      const played = await runScript("def run(events, context):\n    return 'leak' in globals()");
      expect(payloadOf(played)).to.equal(false);
    });
  });

  describe("exception", () => {
    it("fails the step with the script's lines, its type and message, as AWS shows them", async () => {
      const played = await runScript(
        "def run(events, context):\n    return inner(events)\n\ndef inner(events):\n    return events['missing']",
      );
      expect(played.execution.failureMessage).to.equal(
        `Step fails when it is Poll action status for completion. Traceback (most recent call last):
  File "/tmp/customer_script.py", line 2, in run
    return inner(events)
  File "/tmp/customer_script.py", line 5, in inner
    return events['missing']

KeyError - 'missing'. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.`,
      );
    });

    const cases: [what: string, script: string, reason: RegExp][] = [
      ["a syntax error", "def run(events, context)\n    pass", /SyntaxError - expected ':'/],
      [
        "syntax that came after 3.11",
        "def run[T](events, context):\n    pass",
        /SyntaxError - Type parameter lists are only supported in Python 3\.12 and greater/,
      ],
      [
        "an f-string that only 3.12 and later take",
        "def run(events, context):\n    return f'{events['a']}'",
        /SyntaxError - f-string: Python 3\.11 takes neither its own quote nor a backslash/,
      ],
      [
        "a backslash between the braces of an f-string",
        "def run(events, context):\n    return f'{len(\"\\n\")}'",
        /SyntaxError - f-string: Python 3\.11/,
      ],
      [
        "a handler that there is not",
        "def walk(events, context):\n    pass",
        /AttributeError - the script has no function run/,
      ],
      [
        "a module that there is not",
        "import requests\ndef run(events, context):\n    pass",
        /ModuleNotFoundError - No module named 'requests'/,
      ],
      ["sys.exit", "import sys\ndef run(events, context):\n    sys.exit(3)", /SystemExit - 3/],
      [
        "a value that is no JSON",
        "def run(events, context):\n    return {1, 2}",
        /TypeError - Object of type set is not JSON serializable/,
      ],
      [
        "a context that is read",
        "def run(events, context):\n    return context['x']",
        /KeyError - 'x'/,
      ],
    ];
    for (const [what, script, reason] of cases) {
      it(`is told: ${what}`, async () => {
        expect(reasonOf(await runScript(script))).to.match(reason);
      });
    }
  });

  describe("boto3", () => {
    const describing = "import boto3\ndef run(events, context):\n    ec2 = boto3.client('ec2')\n";

    it("calls operations by their snake_case names, with keyword arguments", async () => {
      const played = await runScript(
        `${describing}    return ec2.describe_instances(InstanceIds=['i-1'])['Found']`,
        {
          apis: { "ec2:DescribeInstances": ({ InstanceIds }) => ({ Found: InstanceIds }) },
        },
      );
      expect(payloadOf(played)).to.deep.equal(["i-1"]);
    });

    it("raises ClientError with code and message", async () => {
      const script = `${describing}    from botocore.exceptions import ClientError
    try:
        ec2.describe_instances()
    except ClientError as error:
        return [error.response['Error']['Code'], error.response['Error']['Message'], error.operation_name, str(error)]`;
      const played = await runScript(script, {
        apis: { "ec2:DescribeInstances": () => refused("InvalidInstanceID.NotFound", "not there") },
      });
      expect(payloadOf(played)).to.deep.equal([
        "InvalidInstanceID.NotFound",
        "not there",
        "DescribeInstances",
        "An error occurred (InvalidInstanceID.NotFound) when calling the DescribeInstances operation: not there",
      ]);
    });

    it("raises the client's own exception classes", async () => {
      const script = `import boto3
def run(events, context):
    ssm = boto3.client('ssm')
    try:
        ssm.get_parameter(Name='x')
    except ssm.exceptions.ParameterNotFound:
        return 'not found'`;
      const played = await runScript(script, {
        apis: { "ssm:GetParameter": () => refused("ParameterNotFound") },
      });
      expect(payloadOf(played)).to.equal("not found");
    });

    it("fails the step with an error that the script lets go", async () => {
      const played = await runScript(`${describing}    ec2.describe_instances()`, {
        apis: { "ec2:DescribeInstances": () => refused("UnauthorizedOperation", "you may not") },
      });
      expect(reasonOf(played)).to.contain(
        "UnauthorizedOperation - An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: you may not",
      );
    });

    it("takes keyword arguments only", async () => {
      const played = await runScript(`${describing}    ec2.describe_instances('i-1')`);
      expect(reasonOf(played)).to.contain(
        "TypeError - describe_instances() only accepts keyword arguments.",
      );
    });

    it("gives dates as datetimes with a time zone, and takes them", async () => {
      const script = `${describing}    launched = ec2.describe_instances()['At']
    ec2.describe_fleets(After=launched)
    return [type(launched).__name__, launched.isoformat()]`;
      const played = await runScript(script, {
        apis: {
          "ec2:DescribeInstances": () => ({ At: new Date("2026-01-05T08:00:00Z") }),
          "ec2:DescribeFleets": ({ After }) => ({ Same: After instanceof Date && After.getTime() }),
        },
      });
      expect(payloadOf(played)).to.deep.equal(["datetime", "2026-01-05T08:00:00+00:00"]);
      expect(played.inputs[1]?.After).to.deep.equal(new Date("2026-01-05T08:00:00Z"));
    });

    it("follows pages", async () => {
      const script = `import boto3
def run(events, context):
    pages = boto3.client('ssm').get_paginator('describe_instance_information').paginate(MaxResults=1)
    return [item for page in pages for item in page['Items']]`;
      const played = await runScript(script, {
        apis: {
          "ssm:DescribeInstanceInformation": ({ NextToken }) =>
            NextToken === undefined ? { Items: ["a"], NextToken: "t" } : { Items: ["b"] },
        },
      });
      expect(payloadOf(played)).to.deep.equal(["a", "b"]);
    });

    const retries: [what: string, config: string, calls: number][] = [
      ["four times by default", "None", 5],
      [
        "as often as max_attempts says",
        "Config(retries={'max_attempts': 2, 'mode': 'standard'})",
        3,
      ],
      ["twice in standard mode", "Config(retries={'mode': 'standard'})", 3],
      ["never with total_max_attempts 1", "Config(retries={'total_max_attempts': 1})", 1],
    ];
    for (const [what, config, calls] of retries) {
      it(`retries a throttled call ${what}, in virtual time`, async () => {
        const script = `import boto3
from botocore.config import Config
def run(events, context):
    boto3.client('ec2', config=${config}).describe_instances()`;
        const played = await runScript(script, { apis: { "ec2:DescribeInstances": throttled } });
        expect(played.calls).to.have.lengthOf(calls);
        expect(reasonOf(played)).to.contain("ThrottlingException");
      });
    }

    it("succeeds once the throttling is over", async () => {
      let left = 3;
      const played = await runScript(`${describing}    return ec2.describe_instances()['ok']`, {
        apis: { "ec2:DescribeInstances": () => (left-- > 0 ? throttled() : { ok: true }) },
      });
      expect(payloadOf(played)).to.equal(true);
      expect(played.seconds).to.be.greaterThan(2.5);
    });

    const notRehearsed: [what: string, body: string, subject: string][] = [
      ["an operation", "boto3.client('ec2').describe_fleets()", "ec2:DescribeFleets"],
      ["a resource", "boto3.resource('ec2')", "boto3.resource ec2"],
      [
        "a waiter",
        "boto3.client('ec2').get_waiter('instance_running')",
        "boto3 waiter instance_running",
      ],
      ["credentials of its own", "boto3.client('ec2', aws_access_key_id='x')", "boto3.client"],
    ];
    for (const [what, body, subject] of notRehearsed) {
      it(`ends the script at ${what} that is not modelled, though it catches every Exception`, async () => {
        const script = `import boto3\ndef run(events, context):\n    try:\n        ${body}\n    except Exception:\n        return 'passed'`;
        const played = await runScript(script);
        expect(played.execution.failureMessage).to.match(/^not rehearsed: /);
        expect(played.notRehearsed).to.deep.equal([subject]);
      });
    }
  });

  describe("time and chance", () => {
    it("shows the virtual time, in UTC", async () => {
      const played = await runScript(
        "import datetime, time\ndef run(events, context):\n    return [datetime.datetime.now().isoformat(), datetime.datetime.now(datetime.timezone.utc).isoformat(), int(time.time()), time.strftime('%H:%M')]",
      );
      // 0.3 s until the step, 2 s until the script.
      expect(payloadOf(played)).to.deep.equal([
        "2026-01-05T08:00:02.300000",
        "2026-01-05T08:00:02.300000+00:00",
        REHEARSAL_STARTS / 1000 + 2,
        "08:00",
      ]);
    });

    it("sleeps in virtual time", async () => {
      const played = await runScript(
        "import time\ndef run(events, context):\n    before = time.time()\n    time.sleep(90)\n    return time.time() - before",
      );
      expect(payloadOf(played)).to.equal(90);
      expect(played.seconds).to.be.closeTo(92.3, 0.01);
    });

    it("gives the same chance in every run", async () => {
      const script =
        "import os, random, uuid\ndef run(events, context):\n    return [random.random(), str(uuid.uuid4()), os.urandom(4).hex(), list({'b', 'a', 'c', 'd'}), hash('x')]";
      const [first, second] = [await runScript(script), await runScript(script)];
      expect(payloadOf(first)).to.deep.equal(payloadOf(second));
    });

    it("bills every begun second", async () => {
      const played = await runScript("def run(events, context):\n    pass");
      expect(played.execution.price).to.be.closeTo(2 * 0.00003, 1e-12);
    });
  });

  describe("limits", () => {
    it("times out when the step's time is over", async () => {
      const played = await runScript(
        "import time\ndef run(events, context):\n    time.sleep(1000)",
        {
          timeoutSeconds: 30,
        },
      );
      expect(played.execution.status).to.equal("TimedOut");
      expect(played.seconds).to.be.closeTo(30.3, 0.01);
    });

    it("takes no more than 100 KB out", async () => {
      const played = await runScript("def run(events, context):\n    return 'x' * 102401");
      expect(reasonOf(played)).to.equal("Payload has more than 102400 bytes");
    });

    it("takes no more than 100 KB in", async () => {
      const played = await runScript("def run(events, context):\n    pass", {
        payload: { x: "x".repeat(102_400) },
      });
      expect(reasonOf(played)).to.equal("InputPayload has more than 102400 bytes");
    });
  });

  it("runs scripts of one clock side by side while one waits for virtual time", async () => {
    const interpreter = new Interpreter();
    const clock = new Clock(REHEARSAL_STARTS);
    const ended: string[] = [];
    const run = (name: string, source: string) => async () => {
      await interpreter.run(
        { source, handler: "run", payload: {}, region: "eu-central-1", seed: 1 },
        { clock, deadline: Infinity, call: () => Promise.resolve({}) },
      );
      ended.push(`${name} at ${(clock.now - REHEARSAL_STARTS) / 1000}`);
    };
    clock.spawn(run("slow", "import time\ndef run(events, context):\n    time.sleep(60)"));
    clock.spawn(run("fast", "def run(events, context):\n    pass"), 1000);
    await clock.run();
    await interpreter.close();
    expect(ended).to.deep.equal(["fast at 1", "slow at 60"]);
  });

  describe("a script that waits for virtual time", () => {
    const sleepy = (body: string) =>
      `import boto3, time\ndef run(events, context):\n    ec2 = boto3.client('ec2')\n${body}`;

    it("makes each call once, although it is run again after the wait", async () => {
      const script = sleepy(`    first = ec2.describe_instances()['n']
    print('asked')
    time.sleep(5)
    return [first, ec2.describe_instances()['n']]`);
      let count = 0;
      const played = await runScript(script, {
        apis: { "ec2:DescribeInstances": () => ({ n: ++count }) },
      });
      expect(payloadOf(played)).to.deep.equal([1, 2]);
      expect(played.calls).to.have.lengthOf(2);
      expect(played.execution.steps[0]?.stdout).to.equal("asked\n");
    });

    it("goes on after the wait, whatever it catches and does on its way out", async () => {
      const script = sleepy(`    try:
        time.sleep(5)
    except BaseException:
        return 'swallowed'
    finally:
        ec2.describe_instances()
    return 'waited'`);
      const played = await runScript(script, { apis: { "ec2:DescribeInstances": () => ({}) } });
      expect(payloadOf(played)).to.equal("waited");
      expect(played.calls).to.have.lengthOf(1);
    });

    it("is not rehearsed when it does not do the same with the same answers", async () => {
      const script = sleepy(`    import posix
    # Chance that is not the rehearsal's.
    time.sleep(int.from_bytes(posix.urandom(4)))
    return 'passed'`);
      const played = await runScript(script, { timeoutSeconds: 36_000 });
      expect(played.execution.failureMessage).to.equal(
        "not rehearsed: aws:executeScript: the script does not do the same when it is run again with the same answers",
      );
    });
  });

  it("ends a script that never ends, and has another process for the next", async () => {
    const interpreter = new Interpreter(3000);
    const clock = new Clock(REHEARSAL_STARTS);
    const endings: string[] = [];
    const run = (source: string) => async () => {
      const { ending } = await interpreter.run(
        { source, handler: "run", payload: {}, region: "eu-central-1", seed: 1 },
        { clock, deadline: Infinity, call: () => Promise.resolve({}) },
      );
      endings.push(ending.kind);
    };
    clock.spawn(run("def run(events, context):\n    while True: pass"));
    clock.spawn(run("def run(events, context):\n    pass"), 1000);
    await clock.run();
    await interpreter.close();
    expect(endings).to.deep.equal(["timed out", "returned"]);
  });

  it("does not hold the time against a script in which the cloud answers", async () => {
    const interpreter = new Interpreter(2000);
    const clock = new Clock(REHEARSAL_STARTS);
    const slow = () => new Promise((resolve) => setTimeout(resolve, 2500, {}));
    let kind = "";
    clock.spawn(async () => {
      const source =
        "import boto3\ndef run(events, context):\n    boto3.client('ec2').describe_instances()";
      const { ending } = await interpreter.run(
        { source, handler: "run", payload: {}, region: "eu-central-1", seed: 1 },
        { clock, deadline: Infinity, call: slow },
      );
      kind = ending.kind;
    });
    await clock.run();
    await interpreter.close();
    expect(kind).to.equal("returned");
  });

  it("passes a mistake of the rehearsal's own on, and has another process for the next script", async () => {
    const interpreter = new Interpreter();
    const call = () => Promise.reject(new TypeError("our mistake"));
    const script = {
      source:
        "import boto3\ndef run(events, context):\n    boto3.client('ec2').describe_instances()",
      handler: "run",
      payload: {},
      region: "eu-central-1",
      seed: 1,
    };
    for (const at of [0, 1000]) {
      const clock = new Clock(REHEARSAL_STARTS);
      clock.spawn(() => interpreter.run(script, { clock, deadline: Infinity, call }), at);
      let thrown: unknown;
      await clock.run().catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.instanceOf(TypeError);
    }
    await interpreter.close();
  });
});
