import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account, InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import { automationsOfThisAccount } from "../automation-grants.js";
import { maxAccounts } from "../document-sharing.js";
import { administrationRoleName, documentNameProblem, scriptDocumentName } from "../names.js";
import { OutputBucket } from "../storage/output-bucket.js";
import type { EncryptedBucket } from "../storage/private-bucket.js";
import { permissions, trust } from "../policy.js";
import type { RunAccounts } from "./run-accounts.js";
import { maxListedAccounts } from "./run-accounts.js";
import { RunDocuments } from "./run-documents.js";
import { mayListUnits, mayWorkInMembers } from "./run-grants.js";
import { RunOperator } from "./run-operator.js";

export interface CrossAccountRunnerArgs {
  /** The log account. */
  readonly account: Account;
  readonly prefix: string;
  /** Regions of the hosts; the first has the central bucket. */
  readonly regions: readonly string[];
  /** Where scripts run. */
  readonly accounts: RunAccounts;
  /** The runbook, as YAML. */
  readonly runbook: string;
  /** The library: content of the Command document, as JSON, by name of the script. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Who may run scripts by a role for it. @default nobody: only administrators of the account */
  readonly runners?: { readonly principals: readonly string[]; readonly mfa: boolean };
  /** Name of the central bucket, which takes the output of all Regions without a bucket of their own. */
  readonly bucket: pulumi.Input<string>;
  /** ARN of the key that encrypts it. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARNs of keys that encrypted objects of it before. @default none */
  readonly earlierKeyArns?: readonly pulumi.Input<string>[];
  /** Regions with a bucket of their own for output. @default none */
  readonly outputRegions?: readonly string[];
  /** How long output stays there, in days, within `outputDaysLimits`. */
  readonly outputDays: number;
}

/**
 * What the log account needs to run scripts over accounts and Regions: the role of its automations,
 * the runbook and the library of scripts as documents shared with the accounts, buckets for output
 * where a Region has one of its own, and the role of people who run scripts. The other half is
 * RunTarget, in each account.
 *
 * @example
 * new CrossAccountRunner("runs", { account, prefix: "cf", regions: ["eu-central-1"], accounts: { ids: ["222222222222"] }, runbook, scripts, bucket, kmsKeyArn, outputDays: 90 }, { provider });
 */
export class CrossAccountRunner extends pulumi.ComponentResource {
  readonly administrationRoleArn: pulumi.Output<string>;
  /** ARN of the runbook by Region. */
  readonly runbookArns: pulumi.Output<Record<string, string>>;
  /** By name of a script, ARN of its document by Region. */
  readonly scripts: pulumi.Output<Record<string, Record<string, string>>>;
  /** Name of the bucket for output by Region. */
  readonly buckets: pulumi.Output<Record<string, string>>;
  /** Each bucket for output once, the central one first. */
  readonly stores: readonly EncryptedBucket[];
  /** ARN of the role of people who run scripts; undefined where the config names none. */
  readonly operatorRoleArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: CrossAccountRunnerArgs, opts: InAccount) {
    check(name, args);
    super("fleet:index:CrossAccountRunner", name, { regions: args.regions }, opts);
    this.administrationRoleArn = this.administrationRole(name, args).arn;
    const documents = this.documents(name, args);
    const outputs = this.outputBuckets(name, args);
    this.runbookArns = byRegion(documents, ({ runbookArn }) => runbookArn);
    this.scripts = documentsOfScripts(Object.keys(args.scripts), documents);
    this.buckets = bucketOfRegions(args, outputs);
    const { bucket, kmsKeyArn, earlierKeyArns } = args;
    const others = [...outputs.values()].map((other) => ({
      bucket: other.bucket,
      kmsKeyArn: other.kmsKeyArn,
    }));
    this.stores = [{ bucket, kmsKeyArn, ...(earlierKeyArns && { earlierKeyArns }) }, ...others];
    this.operatorRoleArn = this.operator(name, args)?.roleArn;
    this.registerOutputs({
      administrationRoleArn: this.administrationRoleArn,
      runbookArns: this.runbookArns,
      scripts: this.scripts,
      buckets: this.buckets,
      keyArns: this.stores.map((store) => store.kmsKeyArn),
      ...(this.operatorRoleArn && { operatorRoleArn: this.operatorRoleArn }),
    });
  }

  private administrationRole(
    name: string,
    { account, accounts }: CrossAccountRunnerArgs,
  ): aws.iam.Role {
    const role = new aws.iam.Role(
      `${name}-administration`,
      {
        name: administrationRoleName,
        description:
          "Role that Automation assumes in this account to run scripts in member accounts",
        assumeRolePolicy: trust(automationsOfThisAccount(account)),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.iam.RolePolicy(
      `${name}-administration`,
      {
        role: role.name,
        policy: permissions(mayWorkInMembers(account.partition, accounts), mayListUnits()),
      },
      { parent: this },
    );
    return role;
  }

  /** The runbook and the library in each Region of the hosts. */
  private documents(name: string, args: CrossAccountRunnerArgs): ReadonlyMap<string, RunDocuments> {
    const { prefix, regions, accounts, runbook, scripts } = args;
    const shared = { prefix, sharedWith: accounts.ids, runbook, scripts };
    return new Map(
      regions.map((region) => [
        region,
        new RunDocuments(`${name}-${region}`, { ...shared, region }, { parent: this }),
      ]),
    );
  }

  /** A bucket with its key in each Region that has its own. */
  private outputBuckets(
    name: string,
    args: CrossAccountRunnerArgs,
  ): ReadonlyMap<string, OutputBucket> {
    const { outputRegions = [] } = args;
    return new Map(
      outputRegions.map((region) => [
        region,
        new OutputBucket(`${name}-output-${region}`, { ...args, region }, { parent: this }),
      ]),
    );
  }

  private operator(name: string, args: CrossAccountRunnerArgs): RunOperator | undefined {
    const { account, prefix, regions, accounts, runners } = args;
    if (runners === undefined) return undefined;
    const { administrationRoleArn, stores } = this;
    const place = { account, prefix, region: regions[0] ?? "", accounts };
    return new RunOperator(
      `${name}-operator`,
      { ...place, ...runners, administrationRoleArn, stores },
      { parent: this },
    );
  }
}

/** By Region, a value of the component there. */
const byRegion = <T>(
  components: ReadonlyMap<string, T>,
  value: (component: T) => pulumi.Output<string>,
): pulumi.Output<Record<string, string>> =>
  pulumi.output(
    Object.fromEntries([...components].map(([region, component]) => [region, value(component)])),
  );

/** By name of a script and Region, the ARN of its document. */
const documentsOfScripts = (
  names: readonly string[],
  documents: ReadonlyMap<string, RunDocuments>,
): pulumi.Output<Record<string, Record<string, string>>> =>
  pulumi.output(
    Object.fromEntries(
      names.map((name) => [
        name,
        byRegion(documents, ({ scriptArns }) => scriptArns.apply((arns) => arns[name] ?? "")),
      ]),
    ),
  );

/** By Region, the name of the bucket that takes its output: the Region's own, or else the central one. */
const bucketOfRegions = (
  { regions, bucket }: CrossAccountRunnerArgs,
  outputs: ReadonlyMap<string, OutputBucket>,
): pulumi.Output<Record<string, string>> =>
  pulumi.output(
    Object.fromEntries(regions.map((region) => [region, outputs.get(region)?.bucket ?? bucket])),
  );

function check(name: string, args: CrossAccountRunnerArgs): void {
  const { account, prefix, regions, accounts, outputRegions = [] } = args;
  const problems: pulumi.InputPropertyErrorDetails[] = [];
  const fail = (propertyPath: string, reason: string) => problems.push({ propertyPath, reason });
  if (regions.length === 0) fail("regions", "expected at least one Region, got none");
  const most = accounts.organization === undefined ? maxListedAccounts : maxAccounts;
  if (accounts.ids.length === 0 || accounts.ids.length > most) {
    fail("accounts.ids", `expected 1-${most} accounts, got ${accounts.ids.length}`);
  }
  for (const [index, region] of outputRegions.entries()) {
    if (regions.includes(region)) continue;
    fail(`outputRegions[${index}]`, `expected one of ${regions.join(", ")}, got "${region}"`);
  }
  for (const script of Object.keys(args.scripts)) {
    const tooLong = documentNameProblem(scriptDocumentName(prefix, script), account, regions);
    if (tooLong) fail(`scripts.${script}`, tooLong);
  }
  if (problems.length > 0) throw new ArgumentError(`CrossAccountRunner "${name}"`, problems);
}
