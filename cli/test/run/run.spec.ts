import { expect } from "chai";
import type { Session } from "../../session.js";
import { Double } from "./double.js";
import type { DoubleAnswer, DoubleHost, DoubleSetup } from "./double-setup.js";

const web = { tags: { Role: "web" } };
const host = (id: string, more: Partial<DoubleHost> = {}): DoubleHost => ({ id, ...web, ...more });
const HOME = "eu-central-1";
const A = "222222222222";
const B = "333333333333";
const uptime = ["--command", "uptime", "--target", "tag:Role=web", "--yes"];
const three: DoubleSetup["accounts"] = {
  [A]: { [HOME]: [host("i-a1"), host("i-a2")] },
  [B]: { [HOME]: [host("i-b1")] },
};
const lines = (text: string) => text.trimEnd().split("\n");
const runIn = (text: string) => /\d{8}t\d{6}z-[0-9a-f]{6}/.exec(text)?.[0] ?? "";
const rows = () => [
  ["hosts", "answer_begins", "examples"],
  ["3", "up 3 days", `${A}/${HOME}/i-a1, ${A}/${HOME}/i-a2, ${B}/${HOME}/i-b1`],
];
const failing: DoubleAnswer = { status: "Failed", statusDetails: "Failed", responseCode: 3 };
/** Lines from the table of results on. */
const end = (out: string) => lines(out).slice(lines(out).findIndex((line) => /STATUS/.test(line)));

describe("fleet run", function () {
  this.timeout(60_000);

  it("makes and shares the document, starts, and ends in hosts and their answers", async () => {
    const aws = new Double({ accounts: three, rows });
    const { code, out, errors } = await aws.fleet(uptime);
    expect([code, lines(errors)]).to.deep.equal([
      0,
      [`${A} ${HOME} done: 2 of 2 hosts well`, `${B} ${HOME} done: 1 of 1 host well`],
    ]);
    expect(end(out)).to.deep.equal([
      "ACCOUNT       REGION        STATUS  HOSTS  OK  FAILED  NO ANSWER  STOPPED",
      "222222222222  eu-central-1  done    2      2   –       –          –",
      "333333333333  eu-central-1  done    1      1   –       –          –",
      "",
      "HOSTS  SUCH AS                         ANSWER",
      "3      222222222222/eu-central-1/i-a1  up 3 days",
      "       222222222222/eu-central-1/i-a2",
      "       …",
      "",
      `Run ${runIn(out)} is over: 3 of 3 hosts well.`,
    ]);
    const [[name, document] = []] = [...aws.createdDocuments];
    expect([name?.replace(/[0-9a-f]{12}$/, "#"), [...(document?.shares ?? [])]]).to.deep.equal([
      `${HOME} cf-run-#`,
      [A, B],
    ]);
  });

  it("starts what was requested, with the limits of hosts and of accounts", async () => {
    const aws = new Double({ accounts: three });
    aws.file("x.sh", "# Says it.\n# @parameter Word What to say.\necho $SSM_Word\n");
    const options =
      "--script x.sh --parameter Word=a=b --timeout 2m --target tag:Role=web --yes --detach";
    const limits =
      "--max-concurrency 7 --max-errors 3 --location-concurrency 20% --location-errors 1";
    const { code, out } = await aws.fleet([...options.split(" "), ...limits.split(" ")]);
    const run = runIn(out);
    expect([code, lines(out).slice(-3)]).to.deep.equal([
      0,
      [
        `Run ${run} goes on without you:`,
        `  npx fleet run status ${run} --wait`,
        `  npx fleet run stop ${run}`,
      ],
    ]);
    const [automation] = aws.started;
    const [[name = ""] = []] = [...aws.createdDocuments];
    expect([automation?.parameters, automation?.targetLocations]).to.deep.equal([
      {
        AutomationAssumeRole: [
          "arn:aws:iam::111111111111:role/AWS-SystemsManager-AutomationAdministrationRole",
        ],
        Document: [name.split(" ")[1]],
        DocumentOwner: ["111111111111"],
        Parameters: ['{"Word":["a=b"],"executionTimeout":["120"]}'],
        TargetKey: ["tag:Role"],
        TargetValues: ["web"],
        RunId: [run],
        OutputBucket: ["central"],
        MaxConcurrency: ["7"],
        MaxErrors: ["3"],
        DeliveryTimeoutSeconds: ["600"],
      },
      [
        {
          Accounts: [A, B],
          Regions: [HOME],
          ExecutionRoleName: "AWS-SystemsManager-AutomationExecutionRole",
          TargetLocationMaxConcurrency: "20%",
          TargetLocationMaxErrors: "1",
        },
      ],
    ]);
  });

  it("takes a document that an earlier run has made of the same script, and shares it with new accounts", async () => {
    const accounts: Record<string, DoubleSetup["accounts"][string]> = { [A]: three[A] ?? {} };
    const aws = new Double({ accounts, served: [A, B] });
    await aws.fleet(uptime);
    accounts[B] = three[B] ?? {};
    await aws.fleet(uptime);
    expect(aws.calls.filter((call) => call === "ssm:CreateDocument")).to.have.length(1);
    expect([...aws.createdDocuments.values()].map(({ shares }) => [...shares])).to.deep.equal([
      [A, B],
    ]);
  });

  it("ends with 2 where hosts failed, did not answer or lost their output, and says which and why", async () => {
    const aws = new Double({
      accounts: {
        [A]: { [HOME]: ["ok", "bad", "gone", "lost"].map((id) => host(`i-${id}`)) },
        [B]: { [HOME]: [host("i-win", { platform: "Windows" }), host("i-b1")] },
        "444444444444": { [HOME]: [host("i-c1")] },
      },
      answers: {
        "i-bad": failing,
        "i-gone": { status: "TimedOut", statusDetails: "DeliveryTimedOut", responseCode: -1 },
        "i-lost": { outputWritten: false },
        "i-win": { status: "Failed", statusDetails: "InvalidPlatform", responseCode: -1 },
      },
      refusing: ["444444444444"],
    });
    const { code, out, errors } = await aws.fleet(uptime);
    expect([code, lines(errors).at(-1)]).to.deep.equal([
      2,
      `Run ${runIn(out)} is over: 2 of 6 hosts well, 2 failed, 1 without an answer, 1 without a script for their platform, 1 account and Region without a result.`,
    ]);
    expect(end(out)).to.deep.equal([
      "ACCOUNT       REGION        STATUS  HOSTS  OK  FAILED  NO ANSWER  STOPPED",
      "222222222222  eu-central-1  failed  4      1   2       1          –",
      "333333333333  eu-central-1  failed  2      1   –       –          –",
      "444444444444  eu-central-1  failed  –      –   –       –          –",
      "",
      "444444444444 eu-central-1: The execution role X is unable to be assumed. Either it trusts this",
      "account's administration role no more, or the runbook is not shared with the account: deploy the log",
      "stack, then the member's.",
      "",
      "HOST    NAME         ACCOUNT       REGION        WHY",
      "i-bad   name-i-bad   222222222222  eu-central-1  Failed, exit code 3",
      "i-gone  name-i-gone  222222222222  eu-central-1  DeliveryTimedOut",
      "i-lost  name-i-lost  222222222222  eu-central-1  what it printed is not in the bucket",
      "",
      "No host printed anything.",
    ]);
  });

  it("is well where the only hosts that did nothing have a platform without a script", async () => {
    const aws = new Double({
      accounts: { [A]: { [HOME]: [host("i-w", { platform: "Windows" }), host("i-l")] } },
      answers: { "i-w": { status: "Failed", statusDetails: "InvalidPlatform", responseCode: -1 } },
    });
    const { code, out } = await aws.fleet(uptime);
    expect([code, lines(out).at(-1)]).to.deep.equal([
      0,
      `Run ${runIn(out)} is over: 1 of 2 hosts well, 1 without a script for their platform.`,
    ]);
  });

  it("ends with 3 where too many errors kept hosts from being asked", async () => {
    const aws = new Double({
      accounts: three,
      answers: { "i-a1": failing, "i-a2": { status: "Cancelled", statusDetails: "Terminated" } },
    });
    const { code, errors } = await aws.fleet(uptime);
    expect([
      code,
      lines(errors)
        .at(-1)
        ?.replace(/Run \S+/, "Run"),
    ]).to.deep.equal([
      3,
      "Run is over: 1 of 3 hosts well, 1 failed, 1 not asked because of too many errors.",
    ]);
  });

  it("counts an account that cannot be read as failed; the others go on", async () => {
    const aws = new Double({ accounts: three, locked: [B] });
    const { code, errors } = await aws.fleet(uptime);
    expect([
      code,
      lines(errors)
        .at(-1)
        ?.replace(/Run \S+/, "Run"),
    ]).to.deep.equal([
      2,
      "Run is over: 2 of 2 hosts well, 1 account and Region that could not be read.",
    ]);
    expect([...aws.createdDocuments.values()].map(({ shares }) => [...shares])).to.deep.equal([
      [A],
    ]);
  });

  it("leaves at Ctrl-C and says how to follow or to stop; the run goes on", async () => {
    const aws = new Double({ accounts: three, rows });
    const session: Partial<Session> = {
      onInterrupt: (listener) => {
        listener();
        return () => undefined;
      },
    };
    const left = await aws.fleet(uptime, undefined, session);
    const run = runIn(left.out);
    expect([left.code, left.errors, lines(left.out).slice(-3)]).to.deep.equal([
      0,
      "",
      [
        `Run ${run} goes on without you:`,
        `  npx fleet run status ${run} --wait`,
        `  npx fleet run stop ${run}`,
      ],
    ]);
    const followed = await aws.fleet(["status", run, "--wait"]);
    expect([followed.code, lines(followed.out).at(-1)]).to.deep.equal([
      0,
      `Run ${run} is over: 3 of 3 hosts well.`,
    ]);
  });
});
