import { createHash } from "node:crypto";
import type * as z from "zod";
import { documentParameters, parameterProblems } from "../../../scripts/loader/parameters.js";
import { readScript } from "../../../scripts/loader/script.js";
import { scriptDocument } from "../../../scripts/loader/script-document.js";
import { AwsError, Throttled } from "../../kernel/errors.js";
import { UserError } from "../../../lib/user-error.js";
import {
  adHocDocumentName,
  ENABLED_TAG,
  ENABLED_VALUES,
  RUN_PARAMETER,
  scriptDocumentName,
} from "../product.js";
import type { GivenRun } from "../schema/run-schema.js";
import type { Environment } from "../setup/environment.js";
import { stackAccount } from "../setup/lookup.js";
import { didYouMean } from "../../../lib/did-you-mean.js";
import { chunks, groupBy } from "../../../lib/lists.js";
import { runnerOutputs } from "../../../lib/log-outputs.js";

type LogStack = z.output<typeof runnerOutputs>;

/** @throws UserError where no stack runs scripts */
export function logStack({ stacks }: Pick<Environment, "stacks">): LogStack {
  const found = stacks.find(({ outputs }) => "runs" in outputs);
  if (found === undefined) {
    throw new UserError(
      "no stack runs scripts in accounts: set fleet:runAccounts of the log stack",
    );
  }
  const { data, error } = runnerOutputs.safeParse(found.outputs);
  if (data !== undefined) return data;
  const wrong = error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new UserError([`outputs of stack ${found.name}:`, ...wrong].join("\n"));
}

/** The hosts that the product looks after. */
const EVERY_HOST = { key: ENABLED_TAG, values: ENABLED_VALUES };

/** AWS takes so many accounts in a location. Source: API reference, TargetLocation. */
const MAX_ACCOUNTS_PER_LOCATION = 50;

/** Starts an automation for each bucket, because one start has one bucket for all its Regions. */
export async function startRun(environment: Environment, run: GivenRun): Promise<void> {
  const log = logStack(environment);
  checkPlaces(environment, log, run);
  const regions = run.regions?.map(environment.regionNamed) ?? log.regions;
  checkParameters(environment, log, run);
  const document = await documentOf(environment, log, run, regions);
  const accounts = run.stacks?.map((name) => stackAccount(environment, name)) ?? log.runs.accounts;
  const buckets = groupBy(regions, (region) => log.runs.buckets[region] ?? "");
  for (const [bucket, regions] of buckets) {
    await call(environment, log, log.regions[0] ?? "", "StartAutomationExecution", {
      DocumentName: log.runs.runbook,
      Parameters: parametersOf(log, run, document, bucket),
      TargetLocations: chunks(accounts, MAX_ACCOUNTS_PER_LOCATION).map((Accounts) => ({
        Accounts,
        Regions: regions,
        ExecutionRoleName: log.runs.executionRoleName,
        TargetLocationMaxConcurrency: run.locations.maxConcurrency,
        TargetLocationMaxErrors: run.locations.maxErrors,
      })),
    });
  }
}

/** Regions and groups that are nowhere: the run would end without a host. @throws UserError with all of them */
function checkPlaces(environment: Environment, log: LogStack, run: GivenRun): void {
  const { regionNamed } = environment;
  const strangers = (run.regions ?? []).filter(
    (region) => !log.regions.includes(regionNamed(region)),
  );
  const problems = strangers.map(
    (region) =>
      `run.regions: expected Regions of the log stack (${log.regions.join(", ")}), got "${region}"${didYouMean(region, log.regions)}`,
  );
  const groups = environment.cloud.resourceGroups.names();
  if (run.group !== undefined && !groups.includes(run.group)) {
    const found = groups.join(", ") || "there are none";
    problems.push(
      `run.group: expected a resource group that a stack makes or a schedule names (${found}), got "${run.group}"${didYouMean(run.group, groups)}`,
    );
  }
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}

/** Checks the script's parameters as `fleet run` does. @throws UserError with everything that is wrong */
function checkParameters({ cloud }: Environment, log: LogStack, run: GivenRun): void {
  const { linux, windows, script } = run;
  const name = scriptDocumentName(log.prefix, script ?? "");
  if (script !== undefined && !(script in log.runs.scripts)) return;
  const content =
    script === undefined
      ? contentOf(linux, windows)
      : (cloud.ssm.documents.find(log.account, log.regions[0] ?? "", name).versions.at(-1)
          ?.content ?? "{}");
  const title = script === undefined ? "the script" : `script ${script}`;
  const declared = documentParameters(content);
  const problems = declared === undefined ? [] : parameterProblems(title, declared, run.parameters);
  if (problems.length === 0) return;
  const lines = problems.map(({ name, reason }) => `run.parameters.${name}: ${reason}`);
  throw new UserError(lines.join("\n"));
}

function parametersOf(log: LogStack, run: GivenRun, document: string, bucket: string) {
  const { key, values } = run.tag ?? EVERY_HOST;
  const parameters = Object.entries(run.parameters).map(([name, value]) => [name, [value]]);
  return {
    AutomationAssumeRole: [log.runs.administrationRoleArn],
    Document: [document],
    DocumentOwner: [log.account],
    ...(parameters.length > 0 && { Parameters: [JSON.stringify(Object.fromEntries(parameters))] }),
    TargetKey: [run.group === undefined ? `tag:${key}` : "resource-groups:Name"],
    TargetValues: run.group === undefined ? values : [run.group],
    [RUN_PARAMETER]: [run.id],
    OutputBucket: [bucket],
    MaxConcurrency: [run.maxConcurrency],
    MaxErrors: [run.maxErrors],
    DeliveryTimeoutSeconds: [String(run.deliveryTimeoutSeconds)],
  };
}

/** The name of the document; the document of the scenario's own script is created and shared as `fleet run` does it. */
async function documentOf(
  environment: Environment,
  log: LogStack,
  { script, linux, windows }: GivenRun,
  regions: readonly string[],
): Promise<string> {
  if (script !== undefined) {
    if (script in log.runs.scripts) return scriptDocumentName(log.prefix, script);
    const names = Object.keys(log.runs.scripts);
    const known = names.join(", ") || "none";
    throw new UserError(
      `run.script: the library has no "${script}"; it has ${known}${didYouMean(script, names)}`,
    );
  }
  const content = contentOf(linux, windows);
  const digest = createHash("sha256").update(content).digest("hex");
  const Name = adHocDocumentName(log.prefix, digest);
  for (const region of regions) {
    const input = { Name, Content: content, DocumentType: "Command", DocumentFormat: "JSON" };
    // The name is derived from the content: an existing document is the same.
    await call(environment, log, region, "CreateDocument", input, "DocumentAlreadyExists");
    for (const AccountIdsToAdd of chunks(log.runs.accounts, 20)) {
      const share = { Name, PermissionType: "Share", AccountIdsToAdd };
      await call(environment, log, region, "ModifyDocumentPermission", share);
    }
  }
  return Name;
}

function contentOf(linux: string | undefined, windows: string | undefined): string {
  const scripts = {
    ...(linux !== undefined && { linux: readScript("run.linux", linux, "linux") }),
    ...(windows !== undefined && { windows: readScript("run.windows", windows, "windows") }),
  };
  const { description = "", parameters = [] } = scripts.linux ?? scripts.windows ?? {};
  return scriptDocument({ description, parameters, ...scripts });
}

/** Calls as the operator role or, where there is none, the log account's administrator; tries again what AWS throttles. */
async function call(
  { cloud }: Environment,
  { account, runs }: LogStack,
  region: string,
  operation: string,
  input: object,
  /** A refusal that does not matter. */
  harmless?: string,
): Promise<void> {
  const administrator = cloud.sts.operator(account);
  const { operatorRoleArn: roleArn } = runs;
  for (;;) {
    try {
      const principal =
        roleArn === undefined
          ? administrator
          : await cloud.sts.assume({
              principal: administrator,
              roleArn,
              sessionName: "operator",
              region,
            });
      await cloud.call({ principal, account, region, service: "ssm", operation, input });
      return;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === harmless) return;
      if (!(error instanceof Throttled))
        throw new UserError(`run: ${operation}: ${error.code}: ${error.message}`);
      await cloud.clock.run(cloud.clock.now + 1000);
    }
  }
}
