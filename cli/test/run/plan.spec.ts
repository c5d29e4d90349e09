import { expect } from "chai";
import { Double } from "./double.js";
import type { DoubleHost } from "./double-setup.js";

const web = { tags: { Role: "web" } };
const hosts = (count: number, more: Partial<DoubleHost> = {}): DoubleHost[] =>
  Array.from({ length: count }, (_, index) => ({ id: `i-${index}`, ...web, ...more }));
const HOME = "eu-central-1";
const A = "222222222222";
const B = "333333333333";
const C = "444444444444";
const plan = ["--plan", "--command", "uptime", "--target", "tag:Role=web"];
const lines = (text: string) => text.trimEnd().split("\n");

/** Lines of a plan, without what is another in each run. */
const shown = (out: string): string[] =>
  lines(
    out.replace(/run \d{8}t\d{6}z-[0-9a-f]{6}/, "run ID").replace(/cf-run-[0-9a-f]{12}/, "DOC"),
  );

describe("The plan of fleet run", function () {
  this.timeout(60_000);

  it("shows hosts by account and Region, what keeps them from answering, and touches nothing", async () => {
    const aws = new Double({
      regions: [HOME, "eu-west-1"],
      accounts: {
        [A]: {
          [HOME]: [...hosts(60), { id: "i-off", status: "ConnectionLost", ...web }],
          "eu-west-1": hosts(1, { platform: "Windows" }),
        },
        [B]: { [HOME]: hosts(2) },
        [C]: { [HOME]: [{ id: "i-db", tags: { Role: "db" } }] },
      },
    });
    const { code, out, errors } = await aws.fleet([...plan, "--regions", "all"]);
    expect([code, errors]).to.deep.equal([0, ""]);
    expect(shown(out)).to.deep.equal([
      'Plan of run ID: "uptime" on tag:Role=web',
      "",
      "ACCOUNT       NAME      REGION        HOSTS  OFFLINE  NO SCRIPT",
      "222222222222  name-222  eu-central-1  61     1        –",
      "222222222222  name-222  eu-west-1     1      –        1",
      "333333333333  name-333  eu-central-1  2      –        –",
      "",
      "Hosts     64 in 2 of 3 accounts and 2 of 2 Regions. 1 offline: waited for 600 s. 1 of a platform",
      "          without a script: nothing runs there.",
      "Limits    In each account and Region 50 hosts at once, stopped when more than 10% of them fail. In",
      "          each Region 10 accounts at once; an account that fails stops no other. That is 1 wave of",
      "          accounts, and at most 2 of hosts in each.",
      "Document  DOC will be made in eu-central-1, eu-west-1 and shared with 2 accounts.",
      "Time      About 1 minute, where a host takes 15 s.",
      "Price     About $0.0124: 3 x 2 steps at $0.002, 3 x 5 s of script at $0.00003 (list price of",
      "          us-east-1).",
    ]);
    expect([...aws.createdDocuments]).to.deep.equal([]);
  });

  it("leaves out an account that cannot be read, with the cause, and goes on with the others", async () => {
    const aws = new Double({
      accounts: { [A]: { [HOME]: hosts(1) }, [B]: { [HOME]: hosts(1) } },
      locked: [B],
    });
    const { code, out } = await aws.fleet(plan);
    expect(code).to.equal(0);
    expect(shown(out).slice(3, 9)).to.deep.equal([
      "222222222222  name-222  eu-central-1  1      –        –",
      "",
      "1 account cannot be read and is left out:",
      "  333333333333: AccessDenied: User: arn:aws:iam::111111111111:user/ann is not authorized to perform:",
      "  sts:AssumeRole on resource: arn:aws:iam::333333333333:role/cf-run-reader",
      "Deploy the member's stack there, or leave it out by --exclude.",
    ]);
  });

  it("reports all problems of the options at once, without a call of AWS", async () => {
    const aws = new Double({ accounts: { [A]: {} } });
    const { code, out, errors } = await aws.fleet(
      (
        "--command a --document b --target Role=web --parameter x --accounts 12 --ous ou-1 " +
        "--max-errors x --location-concurrency 0 --timeout 3days"
      ).split(" "),
    );
    expect([code, out]).to.deep.equal([1, ""]);
    expect(lines(errors)).to.deep.equal([
      "--script, --document, --command: expected one of them, got 2 of them",
      '--target: expected tag:KEY=VALUE, resource-group:NAME or all, got "Role=web"',
      '--parameter: expected NAME=VALUE, got "x"',
      '--max-errors: expected a number from 0 or 0%-100%, got "x"',
      '--location-concurrency: expected a number from 1 or 1%-100%, got "0"',
      '--timeout: expected 1 to 172800 seconds, as 90, 90s, 10m or 2h, got "3days"',
      '--accounts: expected ids of accounts, 12 digits each, got "12"',
      '--ous: expected ids of organisational units (ou-…) or of a root (r-…), got "ou-1"',
    ]);
    expect(aws.calls).to.deep.equal(["sts:GetCallerIdentity"]);
  });

  it("finds accounts, OUs and Regions that are not the organisation's or the stack's", async () => {
    const aws = new Double({
      accounts: { [A]: {}, [B]: {} },
      closed: ["555555555555"],
      served: [A],
    });
    const { code, errors } = await aws.fleet([
      ...plan,
      ...["--accounts", `999999999999,555555555555,${B}`, "--ous", "ou-abcd-00000000"],
      ...["--exclude", "r-none", "--regions", "us-east-1"],
    ]);
    expect(code).to.equal(1);
    expect(lines(errors)).to.deep.equal([
      "--regions: expected Regions of the log stack (eu-central-1) or all, got us-east-1; add it to fleet:regions there",
      "--accounts: expected accounts of the organisation, got 999999999999",
      "--accounts: expected accounts that are open, got 555555555555, which is SUSPENDED",
      "--accounts: expected accounts that the stack serves, got 333333333333; add it to fleet:runAccounts of the log stack and deploy it",
      "--ous: expected organisational units of the organisation, got ou-abcd-00000000",
      "--exclude: expected organisational units of the organisation, got r-none",
    ]);
  });

  it("takes the accounts of OUs and of those inside, less what is excluded", async () => {
    const aws = new Double({
      accounts: {
        [A]: { [HOME]: hosts(1) },
        [B]: { [HOME]: hosts(1) },
        [C]: { [HOME]: hosts(1) },
        "666666666666": { [HOME]: hosts(1) },
      },
      units: {
        "ou-abcd-00000001": [A, "ou-abcd-00000002"],
        "ou-abcd-00000002": [B, C, "555555555555"],
      },
      closed: ["555555555555"],
    });
    const options = ["--json", "--ous", "ou-abcd-00000001", "--exclude", C];
    const { out } = await aws.fleet([...plan, ...options]);
    const { places } = (JSON.parse(out) as { plan: { places: { account: string }[] } }).plan;
    expect(places.map(({ account }) => account)).to.deep.equal([A, B]);
  });

  it("finds a target that matches no host", async () => {
    const aws = new Double({ accounts: { [A]: { [HOME]: hosts(1) }, [B]: {} } });
    const options = ["--plan", "--command", "uptime", "--target", "tag:Role=none"];
    const { code, errors } = await aws.fleet(options);
    expect([code, errors]).to.deep.equal([
      1,
      '--target: expected a target that managed hosts match, got "tag:Role=none", which matches none in any of the 2 accounts\n',
    ]);
  });

  it("finds accounts that a document is not shared with, with the commands that share it", async () => {
    const many = Array.from({ length: 21 }, (_, index) => String(200_000_000_000 + index));
    const aws = new Double({
      accounts: Object.fromEntries(many.map((id) => [id, { [HOME]: hosts(1) }])),
      shares: { "cf-run-script": many, "cf-script-ports": [] },
    });
    const options = ["--plan", "--document", "ports", "--target", "tag:Role=web"];
    const { code, errors } = await aws.fleet(options);
    const command = `aws ssm modify-document-permission --region ${HOME} --name cf-script-ports --permission-type Share --account-ids-to-add`;
    expect([code, lines(errors)]).to.deep.equal([
      1,
      [
        `${HOME}: expected cf-script-ports to be shared with every account of the run, got none for ${many.slice(0, 3).join(", ")} and 18 more; deploy the log stack again, or:`,
        `  ${command} ${many.slice(0, 20).join(" ")}`,
        `  ${command} ${many[20] ?? ""}`,
      ],
    ]);
  });

  it("holds values to the patterns of a document that is there", async () => {
    const aws = new Double({
      accounts: { [A]: { [HOME]: hosts(1) } },
      shares: { "cf-run-script": [A], "cf-script-ports": [A] },
    });
    const options = ["--plan", "--document", "ports", "--target", "tag:Role=web", "--parameter"];
    expect((await aws.fleet([...options, "Protocol=udp"])).code).to.equal(0);
    const { code, errors } = await aws.fleet([...options, "Protocol=tcp6"]);
    expect([code, errors]).to.deep.equal([
      1,
      '--parameter: expected Protocol as tcp|udp, got "tcp6"\n',
    ]);
  });

  it("says which parameters a script has, which it lacks, and how long it may take", async () => {
    const aws = new Double({ accounts: { [A]: { [HOME]: hosts(1) } } });
    aws.file("x.sh", "# Says it.\n# @parameter Word What to say.\necho $SSM_Word\n");
    const options = ["--plan", "--script", "x.sh", "--target", "tag:Role=web"];
    const { code, errors } = await aws.fleet([...options, "--parameter", "Wort=a"]);
    expect([code, lines(errors)]).to.deep.equal([
      1,
      [
        '--parameter: expected parameters of x.sh (Word, executionTimeout), got Wort; did you mean "Word"?',
        "--parameter: expected Word=VALUE, as x.sh has no default for it",
      ],
    ]);
  });

  it("refuses scripts that do not parse or cannot be read, with file and line", async () => {
    const aws = new Double({ accounts: { [A]: { [HOME]: hosts(1) } } });
    aws.file("bad.sh", "#!/bin/sh\necho ok\nif true; then\n");
    aws.file("bad.ps1", "Get-Date\nif ($x) {\n");
    const scripts = ["--script", "bad.sh", "--script", "bad.ps1", "--script", "notes.txt"];
    const { code, errors } = await aws.fleet([...scripts, "--target", "all"]);
    expect(code).to.equal(1);
    expect(lines(errors)).to.deep.equal([
      "bad.sh:3: expected a shell script that parses: `then` must be followed by a statement list",
      "bad.ps1:2: expected a PowerShell script that parses: Missing closing '}' in statement block or type definition.",
      "--script: expected a file ending in .sh or .ps1, or --platform linux or windows, got notes.txt",
    ]);
  });

  it("asks before it touches more than one host, and refuses where nobody is there to ask", async () => {
    const aws = new Double({ accounts: { [A]: { [HOME]: hosts(2) } } });
    const options = ["--command", "uptime", "--target", "tag:Role=web"];
    const alone = await aws.fleet(options);
    expect([alone.code, alone.errors]).to.deep.equal([
      1,
      "It runs on 2 hosts in 1 account: nobody is there to ask; --yes starts it, --plan only shows it\n",
    ]);
    const questions: string[] = [];
    const no = await aws.fleet(options, (question) => {
      questions.push(question);
      return Promise.resolve("");
    });
    expect([no.code, no.errors, questions]).to.deep.equal([
      1,
      "nothing was started\n",
      ["It runs on 2 hosts in 1 account. Go on? [y/N] "],
    ]);
    expect([...aws.createdDocuments]).to.deep.equal([]);
  });

  it("becomes the stack's operator role, with a second factor where it is named", async () => {
    const operatorRoleArn = "arn:aws:iam::111111111111:role/cf-run-operator";
    const setup = { accounts: { [A]: { [HOME]: hosts(1) } }, outputs: { operatorRoleArn } };
    const aws = new Double(setup);
    const questions: string[] = [];
    const { code } = await aws.fleet(
      [...plan, "--mfa", "arn:aws:iam::111111111111:mfa/ann"],
      (question) => {
        questions.push(question);
        return Promise.resolve("123456 ");
      },
    );
    expect([code, questions, aws.assumed]).to.deep.equal([
      0,
      ["Code of the MFA device: "],
      [
        `${operatorRoleArn} as ann with 123456`,
        `arn:aws:iam::${A}:role/cf-run-reader as cf-run-operator`,
      ],
    ]);
    const locked = new Double({ ...setup, locked: ["111111111111"] });
    const refused = await locked.fleet(plan);
    expect([refused.code, lines(refused.errors)]).to.deep.equal([
      1,
      [
        `${operatorRoleArn} cannot be assumed: AccessDenied: User: arn:aws:iam::111111111111:user/ann is not authorized to perform: sts:AssumeRole on resource: ${operatorRoleArn}; it is for the fleet:runners of the log stack, and --mfa names the device where they need a second factor`,
      ],
    ]);
  });
});
