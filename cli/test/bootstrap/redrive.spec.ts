import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Programs } from "../../../rehearsal/program/programs.js";
import type { Scenario } from "../../../rehearsal/scenario/schema/scenario.js";
import { Member } from "./member.js";

/** A launch raises two events, its tags and its start: a host that cannot be started has two messages. Two more hosts like the first. */
const withThree = (scenario: Scenario): Scenario => ({
  ...scenario,
  when: ["b", "c"].map((name) => ({ launch: { name, like: "web", tags: {}, without: [] } })),
});

describe("fleet bootstrap redrive", function () {
  this.timeout(120_000);
  const programs = new Programs();
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-redrive-"));
  });
  after(async () => {
    await programs.close();
    rmSync(folder, { recursive: true });
  });
  const played = (scenario: string, change?: (scenario: Scenario) => Scenario) =>
    Member.after(scenario, programs, folder, change);
  const statusOf = (member: Member, name = "web") =>
    member.host(name).tags.get("cf.ec2.bootstrap-status");
  const results = (out: string) =>
    (JSON.parse(out) as { redriven: { result: string; done: boolean }[] }).redriven;

  it("has a start that failed made again, once its cause is gone", async () => {
    const member = await played("missing-pass-role");
    member.heal();
    const { code, out, errors } = await member.fleet(["redrive"]);
    expect([code, errors]).to.deep.equal([0, ""]);
    const { id } = member.host();
    expect(out.split("\n")[1]).to.match(new RegExp(`^eu-central-1 +${id} +2 +asked for$`));
    expect(member.left()).to.equal(0);
    await member.cloud.clock.run();
    expect(statusOf(member)).to.equal("Success");
    expect((await member.fleet(["failures"])).code).to.equal(0);
  });

  it("gives a run that failed another try, which heals the host", async () => {
    const member = await played("failing-install");
    const { account, region, id } = member.host();
    const host = member.cloud.ssm.agents.host(account, region, id);
    await host?.run("rm /usr/local/bin && mkdir /usr/local/bin");
    expect((await member.fleet(["redrive", "--queue", "failures"])).code).to.equal(0);
    await member.cloud.clock.run();
    expect([statusOf(member), member.left()]).to.deep.equal(["Success", 0]);
  });

  it("leaves the message where the cause is not gone: the host comes back to the queue", async () => {
    const member = await played("missing-pass-role");
    expect((await member.fleet(["redrive"])).code).to.equal(0);
    await member.cloud.clock.run();
    expect([statusOf(member), member.left(), member.visible()]).to.deep.equal([undefined, 1, 1]);
  });

  it("asks before it touches more than one host", async () => {
    const member = await played("missing-pass-role", withThree);
    const questions: string[] = [];
    const answering = (answer: string) => (question: string) => {
      questions.push(question);
      return Promise.resolve(answer);
    };
    expect(await member.fleet(["redrive"])).to.deep.equal({
      code: 1,
      out: "",
      errors:
        "3 hosts are bootstrapped again: nobody is there to ask; --yes does it, --instance names one\n",
    });
    const no = await member.fleet(["redrive"], answering(""));
    expect([no.code, no.errors]).to.deep.equal([1, "nothing was sent\n"]);
    expect([member.left(), member.visible()]).to.deep.equal([6, 6]);
    expect(member.cloud.calls.filter(({ call }) => call === "events:PutEvents")).to.deep.equal([]);
    expect((await member.fleet(["redrive"], answering("y"))).code).to.equal(0);
    expect(questions).to.deep.equal([
      "3 hosts are bootstrapped again. Go on? [y/N] ",
      "3 hosts are bootstrapped again. Go on? [y/N] ",
    ]);
    expect(member.left()).to.equal(0);
  });

  it("sends only the hosts that are named, and says which have no message", async () => {
    const member = await played("missing-pass-role", withThree);
    const hostId = member.host("b").id;
    const args = ["redrive", "--json", "--instance", hostId, "i-00000000000000000"];
    const { code, out } = await member.fleet([...args, "--yes"]);
    expect(code).to.equal(2);
    expect(results(out).map(({ result, done }) => [result, done])).to.deep.equal([
      ["asked for", true],
      ["has no message in the queues", false],
    ]);
    expect([member.left(), member.visible()]).to.deep.equal([4, 4]);
  });

  it("keeps the messages of hosts that are gone, unless they shall be dropped", async () => {
    const member = await played("missing-pass-role");
    member.cloud.ec2.terminate(member.host());
    await member.cloud.clock.run();
    const result = await member.fleet(["redrive", "--json"]);
    expect([result.code, results(result.out)[0]?.result]).to.deep.equal([
      2,
      "the instance is gone; --drop-gone deletes its messages",
    ]);
    expect(result.errors).to.equal(
      "1 of 1 were not bootstrapped again; their messages are still there\n",
    );
    expect([member.left(), member.visible()]).to.deep.equal([2, 2]);
    const dropped = await member.fleet(["redrive", "--drop-gone", "--json"]);
    expect([dropped.code, results(dropped.out)[0]?.result]).to.deep.equal([
      0,
      "the instance is gone: dropped",
    ]);
    expect(member.left()).to.equal(0);
    expect(member.cloud.calls.filter(({ call }) => call === "events:PutEvents")).to.deep.equal([]);
  });

  it("deletes nothing whose event was not accepted, entry by entry", async () => {
    const member = await played("missing-pass-role", (scenario) => ({
      ...scenario,
      when: Array.from({ length: 11 }, (_, index) => ({
        launch: { name: `h${index}`, like: "web", tags: {}, without: [] },
      })),
    }));
    const { operations } = member.cloud.events;
    const put = operations.PutEvents.run.bind(operations.PutEvents);
    const refused = [member.host("h2").id, member.host("h10").id];
    operations.PutEvents.run = async (input, caller) => {
      const answer = (await put(input, caller)) as { Entries: object[]; FailedEntryCount: number };
      for (const [index, { Detail = "" }] of input.Entries.entries()) {
        if (!refused.some((id) => Detail.includes(id))) continue;
        answer.FailedEntryCount += 1;
        answer.Entries[index] = { ErrorCode: "ThrottlingException", ErrorMessage: "Too many" };
      }
      return answer;
    };
    const { code, out } = await member.fleet(["redrive", "--yes", "--json"]);
    expect(code).to.equal(2);
    const failed = results(out).filter(({ done }) => !done);
    expect(failed.map(({ result }) => result)).to.deep.equal([
      "ThrottlingException: Too many",
      "ThrottlingException: Too many",
    ]);
    expect([results(out).length, member.left(), member.visible()]).to.deep.equal([12, 4, 4]);
    const sent = member.cloud.calls.filter(({ call }) => call === "events:PutEvents");
    expect(sent).to.have.length(2);
  });

  it("has nothing to do where the queues are empty", async () => {
    const member = await played("bootstrap");
    expect(await member.fleet(["redrive", "--yes"])).to.deep.equal({
      code: 0,
      out: "there is nothing to send again: the queues are empty\n",
      errors: "",
    });
  });
});
