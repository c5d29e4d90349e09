import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadRunbook } from "../../runbooks/loader/runbook.js";
import { play, refused } from "../../rehearsal/test/runbook/support.js";

const FILE = join(__dirname, "../../runbooks/ec2-bootstrap-reconcile.yaml");
/** The rehearsal's clock begins on 2026-01-05 at 08:00. */
const launched = (time: string) => new Date(`2026-01-0${time}:00Z`);
const ENABLED = { "cf.ec2.bootstrap.enabled": "true" };
const INTENT = createHash("sha256")
  .update('[["cf.ec2.bootstrap.enabled", "true"]]')
  .digest("hex")
  .slice(0, 16);

interface Host {
  readonly id: string;
  readonly launch?: Date;
  readonly status?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const host = ({ id, launch = launched("4T08:00"), status, tags = {} }: Host) => ({
  InstanceId: id,
  LaunchTime: launch,
  Tags: Object.entries({
    ...ENABLED,
    ...(status !== undefined && {
      "cf.ec2.bootstrap-status": status,
      "cf.ec2.bootstrap-status.time": "2026-01-04T09:00:00Z",
      "cf.ec2.bootstrap-status.intent": INTENT,
    }),
    ...tags,
  }).map(([Key, Value]) => ({ Key, Value })),
});

async function reconcile(hosts: readonly Host[], most = "100", refuse = false) {
  const started: string[] = [];
  const sizes: number[] = [];
  const types = new Set<string>();
  const played = await play(readFileSync(FILE, "utf8"), {
    parameters: { AutomationAssumeRole: "arn:aws:iam::111122223333:role/r", MostRequests: most },
    apis: {
      "ec2:DescribeInstances": () => ({ Reservations: [{ Instances: hosts.map(host) }] }),
      "ssm:GetAutomationExecution": ({ AutomationExecutionId }) =>
        AutomationExecutionId === "alive"
          ? { AutomationExecution: { AutomationExecutionStatus: "InProgress" } }
          : refused("AutomationExecutionNotFoundException"),
      "events:PutEvents": ({ Entries }) => {
        const entries = Entries as { Detail: string; DetailType: string }[];
        sizes.push(entries.length);
        for (const { Detail, DetailType } of entries) {
          types.add(DetailType);
          started.push((JSON.parse(Detail) as Record<string, string>)["instance-id"] ?? "");
        }
        const refusal = refuse ? { ErrorCode: "InternalFailure" } : { EventId: "1" };
        return { FailedEntryCount: refuse ? 1 : 0, Entries: [refusal] };
      },
    },
  });
  return {
    started,
    sizes,
    types,
    stdout: played.execution.steps[0]?.stdout ?? "",
    ...played,
  };
}

describe("ec2-bootstrap-reconcile.yaml", function () {
  this.timeout(60_000);

  it("is a runbook of one script, which AWS bills by the second alone", () => {
    expect(loadRunbook(FILE).steps.map(({ action }) => action)).to.deep.equal([
      "aws:executeScript",
    ]);
  });

  const cases: [what: string, host: Omit<Host, "id">, isStarted: boolean][] = [
    ["was never bootstrapped", {}, true],
    ["was launched just now", { launch: launched("5T07:50") }, false],
    ["succeeded", { status: "Success" }, false],
    ["succeeded before it started again", { status: "Success", launch: launched("4T10:00") }, true],
    [
      "succeeded with other tags",
      { status: "Success", tags: { "cf.ec2.bootstrap.packages": "a" } },
      true,
    ],
    [
      "is being bootstrapped",
      { status: "Running", tags: { "cf.ec2.bootstrap-status.execution": "alive" } },
      false,
    ],
    [
      "says so, but its run has ended",
      { status: "Running", tags: { "cf.ec2.bootstrap-status.execution": "dead" } },
      true,
    ],
    ["failed less than a day ago", { status: "Failed" }, false],
    [
      "failed more than a day ago",
      { status: "Failed", tags: { "cf.ec2.bootstrap-status.time": "2026-01-04T07:59:00Z" } },
      true,
    ],
  ];
  for (const [what, about, expected] of cases) {
    it(`${expected ? "asks" : "does not ask"} for a host that ${what}`, async () => {
      const { started, execution } = await reconcile([{ id: "i-1", ...about }]);
      expect(started).to.deep.equal(expected ? ["i-1"] : []);
      expect(execution.status).to.equal("Success");
    });
  }

  it("asks for the oldest first, and leaves what is too many for the next time", async () => {
    const { started, stdout } = await reconcile(
      [
        { id: "i-young", launch: launched("4T10:00") },
        { id: "i-old", launch: launched("3T10:00") },
        { id: "i-older", launch: launched("2T10:00") },
      ],
      "2",
    );
    expect(started).to.deep.equal(["i-older", "i-old"]);
    expect(stdout).to.contain("asked for 2 bootstraps, left 1 for the next time");
  });

  it("puts ten events in a call, which is what EventBridge takes", async () => {
    const hosts = Array.from({ length: 12 }, (_, index) => ({ id: `i-${index}` }));
    expect((await reconcile(hosts)).sizes).to.deep.equal([10, 2]);
  });

  it("puts events of which a host that is bootstrapped meanwhile makes nothing", async () => {
    const { types } = await reconcile([{ id: "i-1" }]);
    expect([...types]).to.deep.equal(["Bootstrap Missed"]);
  });

  it("fails when a request is refused, so that people are notified", async () => {
    const { execution } = await reconcile([{ id: "i-1" }], "100", true);
    expect(execution.status).to.equal("Failed");
    expect(execution.failureMessage).to.contain("1 requests were refused");
  });
});
