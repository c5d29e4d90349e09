import { z } from "zod";
import { readYamlFile } from "../../yaml-file.js";
import { duration, fault } from "./fault-schema.js";
import { givenMembers } from "../setup/members.js";
import { accountId, givenOrganization } from "../setup/organization.js";
import { expectedRun, givenRun } from "./run-schema.js";

/** A host, by the value of its `Name` tag. */
const host = z.string().min(1);
const text = z.string().min(1);
const count = z.int().min(0);
const tags = z.record(z.string(), z.coerce.string());
const vpc = z.strictObject({
  /** Whether private subnets have a way to the internet. */
  internet: z.boolean().default(true),
  /** The account that shares the VPC with all others. */
  owner: accountId.optional(),
  /** Whether VPC and subnets have their `Name` tags in the other accounts, too. */
  tagged: z.boolean().default(true),
});

/** A parameter's value; a secret says so. */
const parameter = z.union([z.string(), z.strictObject({ secret: text })]);

/** A path on a host's disk, of Linux or of Windows. */
const hostPath = z
  .string()
  .regex(/^(\/|[A-Za-z]:[\\/])/, "expected a path from the root, such as /etc/motd or C:\\Temp\\x")
  .refine(
    (path) => !path.split(/[\\/]/).includes(".."),
    "expected a path without .., write where the file is",
  );

const given = z.strictObject({
  /**
   * VPCs that exist in every account and Region before the stacks: names, or more about them by name. Without it those that
   * the stack files name.
   */
  vpcs: z.union([z.array(text), z.record(text, vpc)]).optional(),
  /** Active Directory domains that exist in every account and Region before the stacks, by the directory's id. */
  directories: z
    .record(
      z.string().regex(/^d-[0-9a-f]{10}$/, "expected the id of a directory, such as d-1234567890"),
      z.strictObject({
        name: text,
        dnsIpAddresses: z.array(text).default(["10.0.0.10", "10.0.2.10"]),
      }),
    )
    .default({}),
  /** How the accounts are ordered, and which more there are. */
  organization: givenOrganization.prefault({}),
  /** More member accounts, each with its own stack. */
  members: givenMembers,
  /** The account that administers IAM Identity Center; without it the one whose stack file says so. */
  identityCenter: accountId.optional(),
  /** Settings instead of those in the stack files: stack, key without the namespace, value. */
  config: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** The account of the credentials with which a stack is deployed, where it is not the stack's own. */
  credentials: z.record(z.string(), z.string()).default({}),
  hosts: z
    .record(
      z.string(),
      z.strictObject({
        agent: z.union([z.literal("offline"), z.strictObject({ offlineFor: duration })]).optional(),
        files: z.record(hostPath, z.string()).optional(),
      }),
    )
    .default({}),
  /** Parameters that people made before the stacks: stack, name, value; in every Region of the stack. */
  parameters: z.record(z.string(), z.record(z.string(), parameter)).default({}),
  /** What is broken after the deployment and before the first host runs. */
  faults: z.array(fault).default([]),
});

const action = z.union([
  z.strictObject({
    launch: z
      .strictObject({
        name: host,
        like: host,
        tags: tags.default({}),
        without: z.array(text).default([]),
        /** Another Region than that of the host to copy; as the stack files and `given.config` name it. */
        region: text.optional(),
        /** So many, named `<name>-1` and so on; they start one after the other, evenly. */
        count: z.int().min(1).optional(),
        within: duration.optional(),
      })
      .refine(({ count, within }) => count !== undefined || within === undefined, {
        path: ["within"],
        message: "only with count",
      }),
  }),
  z.strictObject({ start: host }),
  z.strictObject({ stop: host }),
  z.strictObject({ terminate: host }),
  z.strictObject({
    tag: z.strictObject({ host, set: tags.default({}), remove: z.array(text).default([]) }),
  }),
  z.strictObject({ request: host }),
  z.strictObject({ run: givenRun }),
  z.strictObject({
    until: z.strictObject({ text: text.optional(), host: host.optional(), step: text.optional() }),
  }),
  z.strictObject({ fault }),
  z.strictObject({ wait: duration }),
  z.strictObject({ settle: z.literal(true) }),
  z.strictObject({ schedules: z.literal("once") }),
]);

const commandCheck = z.strictObject({
  command: text,
  exitCode: count.default(0),
  /** The output is JSON with these fields. */
  json: z.array(text).optional(),
  stdout: text.optional(),
});

const outcome = z.enum(["Success", "Failed", "TimedOut", "Cancelled"]);

const hostCheck = z.strictObject({
  /** The value of the tag `cf.ec2.bootstrap-status`; `none`: there is no such tag. */
  status: z.enum(["Running", "Success", "Failed", "none"]).optional(),
  /** What the status message contains. */
  message: text.optional(),
  /** Name to version of what is installed; all of it. */
  packages: z.record(z.string(), z.string()).optional(),
  /** How each bootstrap run ended, in the order of their start; or how many there were at least, and how the last ended. */
  runs: z
    .union([
      z.array(outcome),
      z.strictObject({ atLeast: count.default(1), last: outcome.optional() }),
    ])
    .optional(),
  /** How many steps AWS bills for each run, in the order of their start. */
  billedSteps: z.array(count).optional(),
  /** What the failure message of the last run contains. */
  failure: text.optional(),
  commands: z.array(commandCheck).default([]),
  /** Custom inventory: rows by type, all of it. */
  inventory: z.record(z.string(), z.array(z.record(z.string(), z.string()))).optional(),
  /** The name of the configuration that the CloudWatch agent runs with. */
  cloudwatch: text.optional(),
  /** What the host calls itself. */
  hostname: text.optional(),
  /** The domain that it is a member of, by its directory's id. */
  domain: text.optional(),
  /** Items of compliance: status by title, by type; all of them. */
  compliance: z
    .record(z.string(), z.record(z.string(), z.enum(["COMPLIANT", "NON_COMPLIANT"])))
    .optional(),
});

/** A number, or `>= 5`, `<= 7.5`. */
const amount = z.union([
  z.number().min(0),
  z.string().regex(/^(>=|<=) ?\d+(\.\d+)?$/, "expected a number, or one after >= or <="),
]);

/** Of the hosts that a launch with `count` has launched, all together. */
const fleetCheck = z.strictObject({
  hosts: amount.optional(),
  ready: amount.optional(),
  /** From the first launch until the last host was ready, of those that were. */
  within: duration.optional(),
  runs: amount.optional(),
  twice: amount.optional(),
  lost: amount.optional(),
  throttled: amount.optional(),
  retried: amount.optional(),
  price: amount.optional(),
});

const then = z.strictObject({
  hosts: z.record(z.string(), hostCheck).default({}),
  fleets: z.record(z.string(), fleetCheck).default({}),
  /** The outcome of runs of scripts, by id. */
  runs: z.record(z.string(), expectedRun).default({}),
  /** The calls that are denied; any other denial fails the scenario. */
  denied: z
    .array(z.strictObject({ action: text, resource: text.optional(), missing: text.optional() }))
    .default([]),
  /** Events in dead-letter queues, and what the cause of each contains; there are no others. */
  deadLetters: z.array(text).default([]),
  /** Failed runs in the queues that keep them, and what each contains; there are no others. */
  failures: z.array(text).default([]),
  /** Messages of topics, and what each contains; there are no others. */
  topics: z.array(text).default([]),
  /** Texts in the events of log groups, by the group's name; without a text there are no events. */
  logGroups: z.record(z.string(), z.array(text)).default({}),
  /** Metrics that have values. */
  metrics: z
    .array(
      z.strictObject({
        namespace: text,
        name: text,
        dimensions: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
  /** Texts that the timeline contains. */
  timeline: z.array(text).default([]),
  /**
   * How schedules, collections and routes ended the last time, by the name of the window, the association or the state
   * machine: one that failed and is not named here fails the scenario.
   */
  schedules: z.record(text, z.enum(["Success", "Failed"])).default({}),
  /** Why the deployment is refused: the scenario ends there. */
  deploymentFails: text.optional(),
  /** What may be used although it is not modelled. */
  notRehearsed: z.array(text).default([]),
});

const scenario = z.strictObject({
  name: text,
  description: z.string().optional(),
  given: given.prefault({}),
  when: z.array(action).default([]),
  then: then.prefault({}),
});

export type Scenario = z.infer<typeof scenario> & { readonly file: string };
export { milliseconds } from "./fault-schema.js";
export type { Fault } from "./fault-schema.js";
export type Action = z.infer<typeof action>;
export type HostCheck = z.infer<typeof hostCheck>;
export type Amount = z.infer<typeof amount>;
export type FleetCheck = z.infer<typeof fleetCheck>;
export type Expectations = z.infer<typeof then>;

/** The scenario for a mere deployment. */
export const emptyScenario = (): Scenario => madeScenario({ name: "the deployment" }, "");

/** A scenario without a file. @param file what it is made of */
export function madeScenario(content: z.input<typeof scenario>, file: string): Scenario {
  return { ...scenario.parse(content), file };
}

export type WrittenScenario = z.input<typeof scenario>;

/** Reads a scenario. @throws UserError with every problem and its line. */
export function readScenario(file: string): Scenario {
  return { ...readYamlFile(file, scenario), file };
}
