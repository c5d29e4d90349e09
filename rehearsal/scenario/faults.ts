import { type Fault } from "./scenario.js";
import { type Stage, stackAccount } from "./stage.js";
import { UserError } from "../user-error.js";

/** Breaks something of a stage, as a scenario asks. @throws UserError where there is no such thing to break. */
export function inject(stage: Stage, fault: Fault): void {
  if ("tamper" in fault) {
    for (const { account, region, name } of packageDocuments(stage, fault.tamper.package)) {
      stage.cloud.ssm.documents.tamper(account, region, name);
    }
  } else if ("unshare" in fault) {
    const from = stackAccount(stage, fault.unshare.from);
    for (const { account, region, name } of packageDocuments(stage, fault.unshare.package)) {
      stage.cloud.ssm.documents.unshare(account, region, name, from);
    }
  } else {
    removeStatement(stage, fault.removeStatement);
  }
}

interface PackageDocument {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

function packageDocuments({ stacks }: Stage, name: string): PackageDocument[] {
  const found = stacks.flatMap(({ account, resources }) =>
    resources
      .filter(({ type }) => type === "aws:ssm/document:Document")
      .map(({ region, state }) => ({ account, region, name: String(state["name"]) }))
      .filter((document) => document.name.endsWith(`-package-${name}`)),
  );
  if (found.length === 0)
    throw new UserError(`package "${name}": no stack deploys a package of that name`);
  return found;
}

function removeStatement(stage: Stage, wanted: { stack: string; sid: string }): void {
  const { iam } = stage.cloud;
  const account = stackAccount(stage, wanted.stack);
  const removed = iam
    .roleNames(account)
    .filter((role) => iam.removeStatement(account, role, wanted.sid));
  if (removed.length === 0) {
    throw new UserError(
      `statement "${wanted.sid}": no role of stack ${wanted.stack} has a statement of that Sid`,
    );
  }
}
