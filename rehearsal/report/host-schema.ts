import { z } from "zod";

/** What the report has for each host. */

const seconds = z.number().describe("Virtual seconds since the start of the scenario.");

const step = z.strictObject({
  name: z.string(),
  action: z.string(),
  item: z.string().optional().describe("What the iteration of its loop is for."),
  status: z.string(),
  start: seconds,
  seconds: z.number().describe("Virtual seconds that it took, or has taken until the end."),
  attempts: z.int(),
  message: z.string().optional(),
  printed: z.string().optional().describe("The beginning of what its script printed."),
});

const run = z.strictObject({
  executionId: z.string(),
  document: z.string(),
  status: z.string(),
  start: seconds,
  seconds: z.number().describe("Virtual seconds from start to end."),
  steps: z.array(step),
  failure: z.string().optional(),
  billedSteps: z.int().describe("Attempts of steps that AWS bills: all but scripts."),
  scriptSeconds: z.int().describe("Begun seconds of scripts, which AWS bills by time."),
  price: z.number().describe("US dollars."),
});

const command = z.strictObject({
  commandId: z.string(),
  document: z.string(),
  comment: z.string().describe("What whoever sent it wrote beside it."),
  status: z.string(),
  start: seconds,
  seconds: z.number().describe("Virtual seconds from sending to the end of its last step."),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      action: z.string(),
      start: seconds,
      seconds: z.number(),
      status: z.string(),
      exitCode: z.int(),
      output: z.string().describe("The end of what it wrote, errors after output."),
    }),
  ),
});

const callCount = z.strictObject({
  call: z.string().describe("The API call, e.g. ssm:SendCommand."),
  outcome: z.enum(["allowed", "denied", "throttled", "refused", "not rehearsed"]),
  times: z.int(),
});

export const hostSchema = z.strictObject({
  name: z.string(),
  instanceId: z.string(),
  account: z.string(),
  region: z.string(),
  platform: z.string(),
  state: z.string(),
  packages: z.record(z.string(), z.string()).describe("Name to version of what is installed."),
  status: z.string().describe("The status tag: Running, Success, Failed, or none."),
  message: z.string().optional().describe("What the bootstrap wrote beside the status."),
  running: seconds.optional().describe("When it was `running` first."),
  ready: z
    .number()
    .optional()
    .describe("Virtual seconds from `running` to the end of its first successful bootstrap."),
  runs: z.array(run),
  commands: z.array(command),
  calls: z
    .array(callCount)
    .describe("What its runs and its agent called; other calls are in the scenario's."),
  price: z.number().describe("US dollars for all of its runs."),
});

export type HostReport = z.infer<typeof hostSchema>;
export type RunReport = z.infer<typeof run>;
export type CommandReport = z.infer<typeof command>;
export type CallCount = z.infer<typeof callCount>;
