import type { Fault } from "../schema/scenario.js";
import { milliseconds } from "../schema/scenario.js";
import { isPackageDocument } from "../product.js";
import type { Environment } from "../setup/environment.js";
import { stackAccount } from "../setup/lookup.js";
import { UserError } from "../../../lib/user-error.js";

/** Breaks something of an environment, as a scenario asks. @throws UserError where there is no such thing to break. */
export function inject(environment: Environment, fault: Fault): void {
  if ("tamper" in fault) {
    for (const { account, region, name } of packageDocuments(environment, fault.tamper.package)) {
      environment.cloud.ssm.documents.tamper(account, region, name);
    }
  } else if ("unshare" in fault) {
    const { package: packageName = "", document } = fault.unshare;
    const from = stackAccount(environment, fault.unshare.from);
    const documents =
      document === undefined
        ? packageDocuments(environment, packageName)
        : documentsNamed(environment, document);
    for (const { account, region, name } of documents) {
      environment.cloud.ssm.documents.unshare(account, region, name, from);
    }
  } else if ("removeStatement" in fault) removeStatement(environment, fault.removeStatement);
  else if ("disableKey" in fault) disableKey(environment, fault.disableKey);
  else if ("removeParameter" in fault) removeParameter(environment, fault.removeParameter);
  else if ("throttle" in fault) throttle(environment, fault.throttle);
  else disturb(environment, fault.events);
}

function disableKey(
  environment: Environment,
  { stack, alias }: { stack: string; alias: string },
): void {
  const account = stackAccount(environment, stack);
  const aliases = resourcesOf(environment, stack, "aws:kms/alias:Alias");
  const found = aliases.filter(({ state }) => String(state["name"]).includes(alias));
  for (const { region, state } of found) {
    environment.cloud.kms.key(account, region, String(state["name"])).enabled = false;
  }
  if (found.length > 0) return;
  const known = aliases.map(({ state }) => String(state["name"])).join(", ") || "none";
  throw new UserError(
    `key "${alias}": stack ${stack} has no alias with that text; it has ${known}`,
  );
}

function removeParameter(
  environment: Environment,
  { stack, name }: { stack: string; name: string },
): void {
  const account = stackAccount(environment, stack);
  const { parameters } = environment.cloud.ssm;
  const all = [...parameters.parameters.all()].filter((found) => found.account === account);
  const found = all.filter((parameter) => parameter.name === name);
  for (const { region } of found) parameters.remove({ account, region }, name);
  if (found.length > 0) return;
  const known = [...new Set(all.map((parameter) => parameter.name))].join(", ") || "none";
  throw new UserError(`parameter "${name}": stack ${stack}'s account has ${known}`);
}

type Fields<Key extends string> = Extract<Fault, Record<Key, unknown>>[Key];

function throttle({ cloud }: Environment, { call, for: time, times }: Fields<"throttle">): void {
  const [service = "", operation = ""] = call.split(":");
  if (cloud.operation(service, operation) === undefined) {
    throw new UserError(
      `call "${call}": expected a service and an operation that the local cloud answers, such as ssm:SendCommand`,
    );
  }
  if (time === undefined && times === undefined) {
    throw new UserError(`throttle of ${call}: expected for (how long), times (how often) or both`);
  }
  const until = time === undefined ? Infinity : cloud.clock.now + milliseconds(time);
  cloud.quotas.throttle(call, { until, times: times ?? Infinity });
}

function disturb({ cloud }: Environment, { rule, detailType, deliver }: Fields<"events">): void {
  const names = [...cloud.events.rules.all()].map(({ name }) => name);
  if (rule !== undefined && !names.some((name) => name.includes(rule))) {
    throw new UserError(
      `rule "${rule}": no rule has that text in its name; the rules are ${names.join(", ")}`,
    );
  }
  cloud.events.disturbances.unshift({
    ...(rule !== undefined && { rule }),
    ...(detailType !== undefined && { detailType }),
    deliver: typeof deliver === "string" ? deliver : { late: milliseconds(deliver.late) },
  });
}

function resourcesOf({ stacks }: Environment, stack: string, type: string) {
  const found = stacks.find(({ name }) => name === stack)?.resources ?? [];
  return found.filter((resource) => resource.type === type);
}

interface DeployedDocument {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

function packageDocuments(environment: Environment, name: string): DeployedDocument[] {
  const found = documentsOf(environment).filter((document) =>
    isPackageDocument(document.name, name),
  );
  if (found.length > 0) return found;
  throw new UserError(`package "${name}": no stack deploys a package of that name`);
}

function documentsNamed(environment: Environment, name: string): DeployedDocument[] {
  const all = documentsOf(environment);
  const found = all.filter((document) => document.name === name);
  if (found.length > 0) return found;
  const known = [...new Set(all.map((document) => document.name))].sort().join(", ");
  throw new UserError(`document "${name}": no stack deploys it; there are ${known}`);
}

const documentsOf = ({ stacks }: Environment): DeployedDocument[] =>
  stacks.flatMap(({ account, resources }) =>
    resources
      .filter(({ type }) => type === "aws:ssm/document:Document")
      .map(({ region, state }) => ({ account, region, name: String(state["name"]) })),
  );

function removeStatement(environment: Environment, wanted: { stack: string; sid: string }): void {
  const { iam } = environment.cloud;
  const account = stackAccount(environment, wanted.stack);
  const removed = iam
    .roleNames(account)
    .filter((role) => iam.removeStatement(account, role, wanted.sid));
  if (removed.length === 0) {
    throw new UserError(
      `statement "${wanted.sid}": no role of stack ${wanted.stack} has a statement of that Sid`,
    );
  }
}
