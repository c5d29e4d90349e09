import { z } from "zod";

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
});

const run = z.strictObject({
  executionId: z.string(),
  document: z.string(),
  status: z.string(),
  seconds: z.number().describe("Virtual seconds from start to end."),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      action: z.string(),
      status: z.string(),
      message: z.string().optional(),
    }),
  ),
  failure: z.string().optional(),
  price: z.number().describe("US dollars."),
});

const host = z.strictObject({
  name: z.string(),
  instanceId: z.string(),
  account: z.string(),
  region: z.string(),
  platform: z.string(),
  state: z.string(),
  packages: z.record(z.string(), z.string()).describe("Name to version of what is installed."),
  status: z.string().describe("Success, Failed, or none."),
  message: z.string().optional().describe("What the bootstrap wrote beside the status."),
  runs: z.array(run),
});

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
  hosts: z.array(host),
  timeline: z.array(timelineEntry),
  calls: z.strictObject({
    allowed: z.int(),
    throttled: z.int(),
    refused: z.int().describe("Refused by the service for another reason than a policy."),
    denied: z.array(deniedCall),
  }),
  notRehearsed: z.array(z.strictObject({ subject: z.string(), times: z.int() })),
  expectations: z.array(
    z.strictObject({ expectation: z.string(), holds: z.boolean(), found: z.string().optional() }),
  ),
  virtualSeconds: z.number(),
  price: z.number().describe("US dollars for automations, at list price."),
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
export type HostReport = z.infer<typeof host>;
