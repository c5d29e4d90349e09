import { join, resolve } from "node:path";
import { expect } from "chai";
import type { Cloud } from "../../rehearsal/cloud/cloud.js";
import { Programs } from "../../rehearsal/program/programs.js";
import { readProject, readStacks } from "../../rehearsal/program/stack-files.js";
import { readScenario } from "../../rehearsal/scenario/schema/scenario.js";
import { deployEnvironment } from "../../rehearsal/scenario/setup/environment.js";

const PROJECT = resolve(__dirname, "..", "..");
const SCENARIO = readScenario(join(PROJECT, "scenarios", "bootstrap.yaml"));
const DAY = 24 * 3_600_000;
const RUN = "schedule-disks";

/** Asks daily; what is nearly full goes to one topic, every row to another. */
const routes = [
  {
    name: "disks",
    sql: [
      "SELECT account, json_extract_scalar(line, '$.disk') AS disk, json_extract_scalar(line, '$.used') AS used",
      "FROM output WHERE run = ? ORDER BY account, disk",
    ].join(" "),
    parameters: [RUN],
    schedule: "rate(1 day)",
    rules: [
      { column: "used", operator: "above", value: "90", topic: "disks" },
      { column: "disk", operator: "equals", value: '/it"s', topic: "odd" },
      { topic: "all" },
    ],
  },
];

describe("results that need people", function () {
  this.timeout(180_000);
  const programs = new Programs();
  after(() => programs.close());

  /** The log stack with routes, a day later. */
  const aDayLater = async (
    given: object,
    before: (cloud: Cloud, log: Log) => Promise<void>,
    partition = "aws",
  ): Promise<{ cloud: Cloud; log: Log }> => {
    const project = readProject(PROJECT);
    const log = {
      runAccounts: ["222222222222"],
      routes,
      routeTopics: { disks: ["ops@example.com"], all: [], odd: [], failures: [] },
      ...given,
    };
    const config = { ...SCENARIO.given.config, log: { ...SCENARIO.given.config["log"], ...log } };
    const stacks = readStacks(project, PROJECT);
    const scenario = { ...SCENARIO, given: { ...SCENARIO.given, config } };
    const { cloud, stacks: deployed } = await deployEnvironment(
      { project, stacks, programs, partition },
      scenario,
    );
    const stack = deployed.find(({ name }) => name === "log");
    if (stack === undefined) throw new Error("there is no log stack");
    const region = String((stack.outputs["regions"] as string[])[0]);
    const at = { account: stack.account, region, bucket: String(stack.outputs["bucket"]) };
    await before(cloud, at);
    await cloud.clock.run(cloud.clock.now + DAY + 600_000);
    return { cloud, log: at };
  };
  const put = (cloud: Cloud, log: Log, host: string, lines: object[], command = "cmd") =>
    putObject(cloud, log, `output`, `${command}/${host}/awsrunShellScript/linux/stdout`, lines);
  const putObject = (
    cloud: Cloud,
    { account, region, bucket }: Log,
    folder: string,
    key: string,
    lines: object[],
  ) =>
    cloud.call({
      principal: cloud.sts.operator(account),
      account,
      region,
      service: "s3",
      operation: "PutObject",
      input: {
        Bucket: bucket,
        Key: `${folder}/222222222222/${region}/${RUN}/${key}`,
        Body: Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join("")),
      },
    });
  const notifications = ({ cloud, log }: { cloud: Cloud; log: Log }, topic: string) =>
    cloud.sns.topic(cloud.arn("sns", log.region, log.account, `cf-route-${topic}`)).messages;

  for (const partition of ["aws", "aws-cn"]) {
    it(`go to the topics of the rules that take them, in ${partition}`, async () => {
      const world = await aDayLater(
        {},
        async (cloud, log) => {
          await put(cloud, log, "i-1", [
            { disk: "/", used: 91 },
            { disk: "/data", used: 12.5 },
          ]);
          await put(cloud, log, "i-2", [{ disk: '/it"s', used: "unknown" }]);
        },
        partition,
      );
      const messages = (topic: string) =>
        notifications(world, topic).map(({ subject, message }) => [subject, message]);
      const row = (disk: string, used: string) =>
        `account: 222222222222, disk: ${disk}, used: ${used}`;
      expect(messages("disks")).to.deep.equal([
        ["disks: 1 rows", `disks: used above 90\n\n${row("/", "91")}`],
      ]);
      expect(messages("odd")).to.deep.equal([
        ["disks: 1 rows", `disks: disk equals /it"s\n\n${row('/it"s', "unknown")}`],
      ]);
      expect(messages("all")).to.deep.equal([
        [
          "disks: 3 rows",
          `disks: every row\n\n${[row("/", "91"), row("/data", "12.5"), row('/it"s', "unknown")].join("\n")}`,
        ],
      ]);
      expect(messages("failures")).to.deep.equal([]);
      expect([...world.cloud.notRehearsed.keys()]).to.deep.equal([]);
    });
  }

  it("are read page by page, with a message for each page", async () => {
    const disks = Array.from({ length: 120 }, (_, index) => ({ disk: `/${index}`, used: index }));
    const world = await aDayLater({}, (cloud, log) =>
      put(cloud, log, "i-1", disks).then(() => undefined),
    );
    const rows = notifications(world, "all").map(({ message }) => message.split("\n").length - 2);
    // The header takes a row of the first page.
    expect(rows).to.deep.equal([49, 50, 21]);
    expect(
      notifications(world, "disks")
        .map(({ subject }) => subject)
        .sort(),
    ).to.deep.equal(["disks: 20 rows", "disks: 9 rows"]);
  });

  it("are sent once: of a window that asked again, only the last answers", async () => {
    const latest = {
      name: "disks",
      query: "latest-output",
      parameters: [RUN, RUN],
      schedule: "rate(1 day)",
      rules: [{ column: "line", operator: "contains", value: '"pressure":true', topic: "disks" }],
    };
    const silent = { ...latest, name: "silent", query: "no-answer", parameters: [RUN] };
    const invocation = (
      commandId: string,
      instanceId: string,
      askedAt: string,
      status: string,
    ) => ({
      ...{ run: RUN, account: "222222222222", commandId, instanceId, askedAt, status },
      ...{ name: instanceId, statusDetails: status, responseCode: 0, outputWritten: true },
    });
    const world = await aDayLater(
      { routes: [latest, { ...silent, rules: [{ topic: "all" }] }] },
      async (cloud, log) => {
        await put(cloud, log, "i-1", [{ pressure: true, of: "yesterday" }], "cmd-1");
        await put(cloud, log, "i-2", [{ pressure: false }], "cmd-1");
        await put(cloud, log, "i-1", [{ pressure: false }], "cmd-2");
        await put(cloud, log, "i-2", [{ pressure: true, of: "today" }], "cmd-2");
        await putObject(cloud, log, "invocations", "1.jsonl", [
          invocation("cmd-1", "i-1", "2026-01-01T00:00:00Z", "Failed"),
          invocation("cmd-1", "i-2", "2026-01-01T00:00:00Z", "Success"),
        ]);
        await putObject(cloud, log, "invocations", "2.jsonl", [
          invocation("cmd-2", "i-1", "2026-01-02T00:00:00Z", "Success"),
          invocation("cmd-2", "i-2", "2026-01-02T00:00:00Z", "Success"),
        ]);
      },
    );
    expect(
      notifications(world, "disks").map(({ message }) => message.split("\n").slice(2)),
    ).to.deep.equal([
      [
        `account: 222222222222, region: ${world.log.region}, host: i-2, stream: stdout, line: {"pressure":true,"of":"today"}`,
      ],
    ]);
    expect(notifications(world, "all")).to.deep.equal([]);
    expect(notifications(world, "failures")).to.deep.equal([]);
  });

  it("go to nobody where no row is taken", async () => {
    const world = await aDayLater({}, () => Promise.resolve());
    for (const topic of ["all", "disks", "odd", "failures"])
      expect(notifications(world, topic), topic).to.deep.equal([]);
    const ended = world.cloud.timeline.filter(({ source }) => source === "Step Functions");
    expect(ended.map(({ text }) => text)).to.deep.equal([
      "state machine cf-route-disks ended SUCCEEDED",
    ]);
  });

  it("are missed: a query that fails is reported", async () => {
    const broken = [{ ...routes[0], sql: "SELECT line FROM output", parameters: [] }];
    const world = await aDayLater({ routes: broken }, () => Promise.resolve());
    const [failure, ...others] = notifications(world, "failures");
    expect(others).to.deep.equal([]);
    const { detail } = JSON.parse(failure?.message ?? "{}") as {
      detail: { status: string; error: string; cause: string };
    };
    expect([detail.status, detail.error]).to.deep.equal(["FAILED", "States.TaskFailed"]);
    expect(detail.cause).to.include("CONSTRAINT_VIOLATION");
  });
});

interface Log {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
}
