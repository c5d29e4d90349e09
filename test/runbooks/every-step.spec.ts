import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadRunbook } from "../../runbooks/loader/runbook.js";
import type { Step } from "../../runbooks/loader/step.js";

const FOLDER = join(__dirname, "../../runbooks");
const FILES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .filter((file) => readFileSync(join(FOLDER, file), "utf8").includes('schemaVersion: "0.3"'));

/** What a step does not say, and why it cannot. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "whetherEnabled: timeoutSeconds": "a branch compares values and waits for nothing",
};

const withInner = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => [
    step,
    ...(step.action === "aws:loop" ? withInner(step.inputs.Steps) : []),
  ]);
const stepsOf = (file: string) => withInner(loadRunbook(join(FOLDER, file)).steps);

/** By name: each top-level function of a script, without its indentation in the YAML. */
function functionsOf(step: Step): [name: string, text: string][] {
  const script = step.action === "aws:executeScript" ? (step.inputs.Script ?? "") : "";
  return script.split(/^(?=def |class )/m).flatMap((text) => {
    const name = /^def (\w+)/.exec(text)?.[1];
    return name === undefined ? [] : [[name, text.trim()] as [string, string]];
  });
}

/** By name: each constant of a script, one line each. */
const constantsOf = (step: Step): [name: string, text: string][] =>
  step.action === "aws:executeScript"
    ? [...(step.inputs.Script ?? "").matchAll(/^([A-Z_]+) = (?!re\.compile).*$/gm)].map((found) => [
        found[1] ?? "",
        found[0],
      ])
    : [];

/** The names that several scripts have, each with its different texts. */
function shared(all: readonly [name: string, text: string][]): Record<string, number> {
  const texts = new Map<string, string[]>();
  for (const [name, text] of all) texts.set(name, [...(texts.get(name) ?? []), text]);
  return Object.fromEntries(
    [...texts]
      .filter(([, copies]) => copies.length > 1)
      .map(([name, copies]) => [name, new Set(copies).size] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

describe("every runbook", () => {
  it("is among those that are looked at", () => {
    expect(FILES).to.deep.equal([
      "collect.yaml",
      "ec2-bootstrap-reconcile.yaml",
      "ec2-bootstrap.yaml",
      "run-script.yaml",
    ]);
  });

  it("has a timeout and an onFailure in each step, or an argued exception", () => {
    const missing = FILES.flatMap(stepsOf).flatMap((step) =>
      (["timeoutSeconds", "onFailure"] as const)
        .filter((property) => step[property] === undefined)
        .map((property) => `${step.name}: ${property}`),
    );
    expect(missing).to.deep.equal(Object.keys(EXCEPTIONS));
  });

  it("says above each step what it is for", () => {
    for (const file of FILES) {
      const source = readFileSync(join(FOLDER, file), "utf8");
      const explained = [...source.matchAll(/^ *# .*\n *- name: (\w+)\n *action:/gm)];
      expect(explained.map(([, name]) => name)).to.deep.equal(
        stepsOf(file).map(({ name }) => name),
        file,
      );
    }
  });

  it("gives a loop the time of the most that its steps can take", () => {
    const loops = FILES.flatMap(stepsOf).flatMap((step) =>
      step.action === "aws:loop" ? [step] : [],
    );
    expect(loops.map(({ name }) => name)).to.deep.equal(["carryOut"]);
    const [loop] = loops;
    const inner = loop?.inputs.Steps.map(({ timeoutSeconds }) => Number(timeoutSeconds)) ?? [];
    const source = readFileSync(join(FOLDER, "ec2-bootstrap.yaml"), "utf8");
    const packages = Number(/MOST_PACKAGES = (\d+)/.exec(source)?.[1]);
    // Each command that is planned beside them: a name, the domain, VSS, the CloudWatch agent twice.
    const others = 5;
    const most = (packages + others) * inner.reduce((sum, seconds) => sum + seconds, 0);
    expect(loop?.timeoutSeconds).to.equal(most);
  });

  // Runbooks cannot share code: what several scripts need stands in each of them.
  it("has the same text in each copy of a function and of a constant", () => {
    const steps = FILES.flatMap(stepsOf);
    expect(shared(steps.flatMap(functionsOf))).to.deep.equal({
      digest_of: 1,
      find_command: 1,
      find_instance: 1,
      is_under_way: 1,
      pages: 1,
      tags_of: 1,
    });
    expect(shared(steps.flatMap(constantsOf))).to.deep.equal({
      ENABLED: 1,
      INTENT: 1,
      MOST_NAMED: 1,
      RETRIES: 1,
      SKIPPED: 1,
      STATUS: 1,
      UNDER_WAY: 1,
    });
  });
});
