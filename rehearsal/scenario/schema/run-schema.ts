import { z } from "zod";

const text = z.string().min(1);
/** Hosts or locations, a number or a share of them. */
const rate = z.coerce.string();

/** A script that runs on hosts of many accounts, as an operator in the log account starts it. */
export const givenRun = z
  .strictObject({
    /** The run's id, by which `then.runs` and the keys in the bucket call it. */
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,62}$/, "expected 3-63 letters a-z, digits or -"),
    /** A script of the library, by name. */
    script: text.optional(),
    /** Instead of that: a script for Linux hosts, for Windows hosts, or for both. */
    linux: text.optional(),
    windows: text.optional(),
    parameters: z.record(z.string(), z.coerce.string()).default({}),
    /** Hosts by a tag; by default all that the product looks after. */
    tag: z.strictObject({ key: text, values: z.array(text).min(1) }).optional(),
    /** Instead of a tag: the name of a resource group. */
    group: text.optional(),
    /** Stacks in whose accounts it runs; by default all that the log account runs scripts in. */
    stacks: z.array(text).min(1).optional(),
    /** Regions in which it runs; by default all of the log account. */
    regions: z.array(text).min(1).optional(),
    maxConcurrency: rate.default("50"),
    maxErrors: rate.default("0"),
    /** Of accounts and Regions. */
    locations: z
      .strictObject({ maxConcurrency: rate.default("100%"), maxErrors: rate.default("100%") })
      .prefault({}),
    deliveryTimeoutSeconds: z.int().min(30).default(600),
  })
  .refine(
    ({ script, linux, windows }) => (script === undefined) !== ((linux ?? windows) === undefined),
    { message: "expected either script, or linux, windows or both" },
  );

export type GivenRun = z.infer<typeof givenRun>;

const hostAnswer = z.strictObject({
  /** As Run Command calls it: `Success`, `Failed`, `DeliveryTimedOut`, … */
  status: text.optional(),
  /** The first exit code that is not 0, or 0. */
  code: z.int().optional(),
  /** What the output in the bucket contains; `none`: there is no such object. */
  stdout: text.optional(),
  stderr: text.optional(),
  /** Whether all that it printed is in the bucket. */
  outputWritten: z.boolean().optional(),
});

/** The outcome of runs of scripts. */
export const expectedRun = z.strictObject({
  /** How it ended in each account and Region, sorted: `[Failed, Success]`. */
  ends: z.array(text).optional(),
  /** How the automation in the log account ended, which over many accounts is a success within its error limit. */
  status: text.optional(),
  /** In how many accounts and Regions it ended how: `{ Success: 99, Failed: 1 }`. */
  locations: z.record(text, z.int().min(1)).optional(),
  /** How it ended in the accounts of stacks, by stack. */
  stacks: z.record(text, text).default({}),
  /** How many hosts are recorded, with any answer. */
  recorded: z.int().min(0).optional(),
  /** A text in why it failed in one of them. */
  failure: text.optional(),
  /** By host. */
  hosts: z.record(z.string(), hostAnswer).default({}),
});

export type ExpectedRun = z.infer<typeof expectedRun>;
