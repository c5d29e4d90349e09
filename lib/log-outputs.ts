// What the log stack exports: the program writes it, members, commands and the rehearsal read it. A rename breaks the
// members that are deployed, so a test pins the names. Nothing here loads the Pulumi SDK, which takes seconds.
import * as z from "zod";
import { partitions } from "./partitions.js";
import { accountId, expected, oneOf, text } from "./schemas.js";

const name = text(/\S/, "text");

const byRegion = z.record(z.string(), name, expected("names by Region"));

const runOutputs = z.object(
  {
    /** Ids of the accounts that scripts run in. */
    accounts: z.array(accountId, expected("account ids")),
    /** Name of the runbook. */
    runbook: name,
    /** Its ARN by Region. */
    runbookArns: byRegion,
    /** Name of the bucket for output by Region. */
    buckets: byRegion,
    /** ARNs of the keys that encrypt those buckets, the central one's first. */
    keyArns: z.array(name, expected("ARNs of keys")),
    /** The Glue database and the Athena workgroup over the output, in the first Region. */
    database: name,
    workgroup: name,
    administrationRoleArn: name,
    /** Names of the roles that every account of the runs has. */
    executionRoleName: name,
    readerRoleName: name,
    /** The role of people who run scripts; absent where the config names none. */
    operatorRoleArn: name.optional(),
    /** The library: ARN of the document by Region, by name of the script. */
    scripts: z.record(z.string(), byRegion, expected("scripts by name")),
  },
  expected("what runs need"),
);

/** What the log stack exports about scripts over accounts. */
export type RunOutputs = z.output<typeof runOutputs>;

const packageOutputs = z.object(
  {
    version: name,
    /** ARN of the document by Region. */
    arns: byRegion,
    /** Names of the parameters of the member's account that its scripts read, sorted. */
    secrets: z.array(name).default([]),
    /** Ids of the accounts that may install it, sorted; absent in a stack that an older version deployed. */
    sharedWith: z.array(accountId).optional(),
  },
  expected("a package"),
);

/** What the log stack exports about a package. */
export type PackageOutputs = Required<z.output<typeof packageOutputs>>;

export const logOutputs = z.object({
  account: accountId,
  partition: oneOf(partitions),
  /** Regions in which packages can be installed; the first has bucket and key. */
  regions: z
    .array(name, expected("a list of Regions"))
    .min(1, expected("a list of at least one Region")),
  prefix: name,
  /** Name of the central bucket. */
  bucket: name,
  kmsKeyArn: name,
  packages: z.record(z.string(), packageOutputs, expected("packages by name")),
  /** Scripts over accounts; absent where they run in none. */
  runs: runOutputs.optional(),
});

/** All that the log stack exports. */
export type LogOutputs = z.output<typeof logOutputs>;

/** What the commands and the rehearsal need to run scripts: the outputs of a log stack that has a runner. */
export const runnerOutputs = logOutputs
  .pick({ account: true, partition: true, regions: true, prefix: true })
  .extend({ runs: runOutputs });
