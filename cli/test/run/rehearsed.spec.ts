import { expect } from "chai";
import { Programs } from "../../../rehearsal/program/programs.js";
import { page } from "../../../test/docs/pages.js";
import { Rehearsed, withMembers } from "./rehearsed.js";

const A = "333333333333";
const B = "444444444444";
const RUN = /\d{8}t\d{6}z-[0-9a-f]{6}(-r\d+)?/;
const lines = (text: string) => text.trimEnd().split("\n");
/** A command line as a shell takes it apart. */
const words = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
const withoutIds = (text: string) =>
  text
    .replace(new RegExp(RUN, "g"), "RUN")
    .replace(/\bi-[0-9a-f]{17}\b/g, "INSTANCE")
    .replace(/\bcf-run-[0-9a-f]{12}\b/g, "DOCUMENT");

/** What docs/cli.md shows of commands, in its order. */
const shown = page("docs/cli.md").blocks.flatMap(({ mark, text, line }) => {
  const [, command] = /^fleet: run (.*)$/.exec(mark) ?? [];
  return command === undefined ? [] : [{ command, text, line }];
});

describe("fleet run in the rehearsal, over HTTP and with the operator's rights", function () {
  this.timeout(300_000);
  const programs = new Programs();
  let aws: Rehearsed | undefined;
  const cloud = (): Rehearsed => {
    if (aws === undefined) throw new Error("there is no cloud");
    return aws;
  };
  before(async () => {
    aws = await Rehearsed.start({ scenario: "bootstrap", programs, change: withMembers });
    for (const account of [A, B]) {
      for (const host of [0, 1, 2])
        await cloud().onHost(account, host, "echo 1 > /etc/release-number");
    }
    await cloud().onHost(A, 1, "rm /etc/release-number");
  });
  after(async () => {
    await aws?.close();
    await programs.close();
  });

  describe("docs/cli.md", () => {
    let run = "";
    it("shows some", () => expect(shown).to.have.length.greaterThan(4));
    for (const { command, text, line } of shown) {
      it(`shows what fleet run ${command} prints: line ${line}`, async () => {
        if (command.startsWith("retry")) await cloud().onHost(A, 1, "echo 2 > /etc/release-number");
        const { out, errors } = await cloud().fleet(words(command.replace("RUN", run)));
        run = RUN.exec(out)?.[0] ?? run;
        const real = lines(withoutIds(`${out}${errors}`));
        const missing = lines(withoutIds(text)).filter(
          (line) => line !== "…" && !real.includes(line),
        );
        expect(missing, real.join("\n")).to.deep.equal([]);
      });
    }
  });

  it("costs what the plan says, with the time of the recording script as a guess", async () => {
    const before = cloud().cloud.deployed.cloud.price;
    const { out } = await cloud().fleet(
      words(`--command true --target tag:Role=web --accounts ${A},${B} --yes --json`),
    );
    const { plan } = JSON.parse(out) as { plan: { price: number } };
    const paid = cloud().cloud.deployed.cloud.price - before;
    expect(Math.abs(paid - plan.price)).to.be.lessThan(0.0005);
  });

  it("finds in the plan that the runbook is shared no more, before anything is touched", async () => {
    const starts = () =>
      cloud().cloud.deployed.cloud.calls.filter(
        ({ call }) => call === "ssm:StartAutomationExecution",
      ).length;
    const before = starts();
    await cloud().share("AccountIdsToRemove", B);
    const { code, errors } = await cloud().fleet(
      words(`--command true --target tag:Role=web --accounts ${A},${B} --yes`),
    );
    await cloud().share("AccountIdsToAdd", B);
    expect([code, lines(errors), starts()]).to.deep.equal([
      1,
      [
        `eu-central-1: expected cf-run-script to be shared with every account of the run, got none for ${B}; deploy the log stack again, or:`,
        `  aws ssm modify-document-permission --region eu-central-1 --name cf-run-script --permission-type Share --account-ids-to-add ${B}`,
      ],
      before,
    ]);
  });

  it("takes accounts of an OU, less what is excluded", async () => {
    const { out } = await cloud().fleet(
      words(
        `--command true --target tag:Role=web --ous ou-root-1a2b3c4d --exclude ${B} --plan --json`,
      ),
    );
    const { plan } = JSON.parse(out) as { plan: { places: { account: string; hosts: number }[] } };
    expect(plan.places.map(({ account, hosts }) => [account, hosts])).to.deep.equal([[A, 3]]);
  });

  it("ends with 3 where too many errors stop the run in an account", async () => {
    const { code, errors } = await cloud().fleet(
      words(
        `--command 'exit 9' --target tag:Role=web --accounts ${A} --max-errors 0 --max-concurrency 1 --yes`,
      ),
    );
    expect([code, withoutIds(lines(errors).at(-1) ?? "")]).to.deep.equal([
      3,
      "Run RUN is over: 0 of 3 hosts well, 1 failed, 2 not asked because of too many errors.",
    ]);
  });

  it("deletes the documents that it has made", async () => {
    const { code, out } = await cloud().fleet(words("prune --older-than 0 --yes --json"));
    const { pruned, problems } = JSON.parse(out) as { pruned: unknown[]; problems: string[] };
    expect([code, problems]).to.deep.equal([0, []]);
    expect(pruned.length).to.be.greaterThan(1);
  });
});
