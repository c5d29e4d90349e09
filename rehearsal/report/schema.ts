import { z } from "zod";
import { hostSchema } from "./host-schema.js";

/** The report as data: what `--json` writes. docs/report.schema.json is made from this. */

const deniedCall = z.strictObject({
  seconds: z.number().describe("Virtual seconds since the start of the scenario."),
  principal: z.string(),
  account: z.string(),
  region: z.string(),
  call: z.string().describe("The API call, e.g. ssm:SendCommand."),
  action: z.string().describe("The IAM action that is not allowed."),
  resource: z.string(),
  message: z.string().describe("The error in AWS's words."),
  deniedBy: z.string().optional().describe("The statement that denies, where one does."),
  missing: z
    .array(z.strictObject({ place: z.string(), statement: z.record(z.string(), z.unknown()) }))
    .describe("The statements that would allow it."),
  nearly: z
    .array(z.string())
    .describe("Allow statements that nearly apply, and what keeps them from it."),
  instanceId: z.string().optional().describe("The host that it was made for, where that is known."),
});

const deadLetter = z.strictObject({
  seconds: z.number().describe("Virtual seconds since the start of the scenario."),
  account: z.string(),
  region: z.string(),
  queue: z.string(),
  instanceId: z.string().optional(),
  code: z.string().describe("ERROR_CODE, as EventBridge gives it."),
  message: z.string().describe("ERROR_MESSAGE, as EventBridge gives it."),
});

const message = z.strictObject({
  seconds: z.number().describe("Virtual seconds since the start of the scenario."),
  account: z.string(),
  region: z.string(),
  place: z.string().describe("The topic, or the queue."),
  instanceId: z.string().optional(),
  subject: z.string().optional(),
  text: z.string(),
});

const totals = z
  .strictObject({
    hosts: z.int(),
    ready: z.int().describe("Hosts with a successful bootstrap."),
    failed: z.int().describe("Hosts whose status or last run says so, or whose start is lost."),
    medianReady: z.number().optional().describe("Virtual seconds from `running` to ready."),
    longestReady: z.number().optional().describe("Virtual seconds from `running` to ready."),
    runs: z.int().describe("Runs for hosts; a launch raises two events, so mostly two for each."),
    billedSteps: z.int(),
    scriptSeconds: z.int(),
    price: z.number().describe("US dollars for these runs, at list price."),
    pricePerReady: z
      .number()
      .optional()
      .describe("US dollars for a host that is ready, all of its runs: the mean."),
    otherRuns: z.int().describe("Runs for no host in particular: those of reconcile."),
    otherPrice: z.number().describe("US dollars for the other runs."),
  })
  .describe("Over all hosts of the scenario.");

const timelineEntry = z.strictObject({
  seconds: z.number(),
  account: z.string(),
  region: z.string(),
  instanceId: z.string().optional(),
  source: z.string(),
  text: z.string(),
  kind: z.enum(["info", "success", "failure", "warning"]),
});

const scenario = z.strictObject({
  name: z.string(),
  file: z.string(),
  outcome: z.enum(["passed", "failed", "not rehearsed"]),
  hosts: z.array(hostSchema),
  totals,
  timeline: z.array(timelineEntry),
  calls: z.strictObject({
    allowed: z.int(),
    throttled: z.int(),
    refused: z.int().describe("Refused by the service for another reason than a policy."),
    denied: z.array(deniedCall),
    byPrincipal: z
      .array(
        z.strictObject({
          principal: z.string().describe("A role, or a service that acts by itself."),
          account: z.string(),
          call: z.string(),
          outcome: z.enum(["allowed", "denied", "throttled", "refused", "not rehearsed"]),
          times: z.int(),
        }),
      )
      .describe("Every call, counted."),
  }),
  deadLetters: z.array(deadLetter),
  messages: z
    .array(message)
    .describe("What was published to topics, and what rules put into queues."),
  notRehearsed: z.array(z.strictObject({ subject: z.string(), times: z.int() })),
  parsedNotExecuted: z
    .array(z.strictObject({ subject: z.string(), times: z.int() }))
    .describe("PowerShell scripts: their syntax was checked, and what they would do is not known."),
  executedElsewhere: z
    .array(z.strictObject({ subject: z.string(), times: z.int() }))
    .describe("Scripts that another interpreter than the host's own ran, and which."),
  expectations: z.array(
    z.strictObject({ expectation: z.string(), holds: z.boolean(), found: z.string().optional() }),
  ),
  virtualSeconds: z.number(),
  price: z
    .number()
    .describe("US dollars for all automations, at list price; nothing else is priced."),
});

export const reportSchema = z.strictObject({
  outcome: z.enum(["passed", "failed"]),
  stacks: z.array(
    z.strictObject({
      name: z.string(),
      account: z.string(),
      resources: z.array(
        z.strictObject({ type: z.string(), name: z.string(), id: z.string(), region: z.string() }),
      ),
    }),
  ),
  scenarios: z.array(scenario),
});

export type Report = z.infer<typeof reportSchema>;
export type ScenarioReport = z.infer<typeof scenario>;
export type Totals = z.infer<typeof totals>;
export type DeadLetter = z.infer<typeof deadLetter>;
export type TopicMessage = z.infer<typeof message>;
export type { HostReport } from "./host-schema.js";
