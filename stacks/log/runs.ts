import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CrossAccountRunner } from "../../components/runs/cross-account-runner.js";
import type { InAccount } from "../../components/account.js";
import { executionRoleName, runDocumentName, runReaderRoleName } from "../../components/names.js";
import { ResultDistribution } from "../../components/results/result-distribution.js";
import type { RunAccounts } from "../../components/runs/run-accounts.js";
import { RunQueries } from "../../components/results/run-queries.js";
import { readNamedQueries } from "../../queries/loader/named-queries.js";
import { runDocuments } from "../../runbooks/loader/run-documents.js";
import { ScriptError } from "../../scripts/loader/script.js";
import type { LogConfig, RunsConfig } from "../config.js";
import { ConfigError, library, scriptSyntaxProblems } from "../config.js";
import { readOrganisation, refuseStrangers } from "./organisation.js";
import type { RunOutputs } from "../../lib/log-outputs.js";
import type { Exports } from "../outputs.js";

/** What is read and checked before anything is declared. */
export interface PreparedRuns {
  readonly accounts: RunAccounts;
  readonly runbook: string;
  /** The library: content of each document by name of the script. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** What runs need besides the config. */
export interface RunsSetup extends PreparedRuns {
  /** What every component is given. */
  readonly inAccount: InAccount;
  /** Name of the central bucket. */
  readonly bucket: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string>;
  /** ARNs of keys that encrypted objects of it before. */
  readonly earlierKeyArns: readonly string[];
}

/** Finds the accounts that scripts run in, and reads the scripts. */
export async function prepareRuns(
  { account }: LogConfig,
  { accounts }: RunsConfig,
  provider: aws.Provider,
): Promise<PreparedRuns> {
  const key = "fleet:runAccounts";
  if (accounts === "*") {
    const { id, others } = await readOrganisation(provider, account.id, key);
    return { accounts: { ids: others, organization: id }, ...(await documents()) };
  }
  await refuseStrangers(provider, key, accounts);
  return { accounts: { ids: accounts }, ...(await documents()) };
}

/** Scripts over accounts, as far as they are the log account's. */
export function deployRuns(
  config: LogConfig,
  { runners, outputRegions, outputDays, queryLimitBytes }: RunsConfig,
  { inAccount, ...setup }: RunsSetup,
): Exports<RunOutputs> {
  const { account, prefix, regions } = config;
  const place = { account, prefix, regions };
  const runner = new CrossAccountRunner(
    "runs",
    { ...place, ...setup, runners, outputRegions, outputDays },
    inAccount,
  );
  const { bucket, kmsKeyArn, accounts } = setup;
  const otherBuckets = runner.stores.slice(1).map((store) => store.bucket);
  const store = { bucket, otherBuckets, accountIds: accounts.ids, regions };
  const { database, workgroup } = new RunQueries(
    "run-queries",
    { ...store, prefix, kmsKeyArn, queryLimitBytes, queries: readNamedQueries() },
    inAccount,
  );
  if (config.routes) {
    const { stores } = runner;
    new ResultDistribution(
      "distribution",
      { account, prefix, region: regions[0], ...config.routes, database, workgroup, stores },
      inAccount,
    );
  }
  return {
    accounts: [...setup.accounts.ids],
    runbook: runDocumentName(prefix),
    runbookArns: runner.runbookArns,
    buckets: runner.buckets,
    keyArns: pulumi.all(runner.stores.map((store) => store.kmsKeyArn)),
    database,
    workgroup,
    administrationRoleArn: runner.administrationRoleArn,
    executionRoleName,
    readerRoleName: runReaderRoleName(prefix),
    ...(runner.operatorRoleArn && { operatorRoleArn: runner.operatorRoleArn }),
    scripts: runner.scripts,
  };
}

/** Reports problems of the library's scripts in the same form as those of the config. */
async function documents(): Promise<ReturnType<typeof runDocuments>> {
  const subject = "the library of scripts";
  try {
    const read = runDocuments();
    const problems = await scriptSyntaxProblems(library());
    if (problems.length > 0) throw new ConfigError(subject, problems);
    return read;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ConfigError(
      subject,
      error.problems.map(({ file, line, reason }) => ({ key: `${file}:${line}`, reason })),
    );
  }
}
