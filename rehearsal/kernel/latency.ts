/**
 * How long things take, in milliseconds of virtual time. Where AWS publishes no figure the value is an
 * estimate from public reports, and says so: good for the order of things, not for a promise.
 */
export const LATENCY = {
  /** EC2: from RunInstances to `running`. Estimate. */
  instanceStarts: 15_000,
  /** EC2: from StopInstances to `stopped`. Estimate. */
  instanceStops: 30_000,
  /** From `running` to the agent's first UpdateInstanceInformation: "30 s to several minutes" (stratus-red-team#108). */
  agentRegisters: 45_000,
  /** EventBridge: from the service's event to the target's call. Estimate: AWS says "about half a second" for rules. */
  eventDelivery: 500,
  /** Automation: from the accepted start, or the end of a step, to the start of the next step. Estimate. */
  automationStep: 300,
  /** Automation: between two calls of aws:waitForAwsResourceProperty. Estimate; AWS does not publish it. */
  propertyPoll: 5_000,
  /** Automation: between two looks of aws:runCommand at its invocations. Estimate. */
  commandPoll: 2_000,
  /** Automation: start of an aws:executeScript environment. Estimate. */
  scriptStarts: 2_000,
  /** One API call of an aws:executeScript. Estimate. */
  scriptCall: 100,
  /** From SendCommand to the agent's start of the command, by the ssmmessages channel. Estimate. */
  commandDelivery: 1_000,
  /** How often SSM looks whether an agent that was away is there again. Estimate. */
  deliveryRetry: 30_000,
  /** How often a maintenance window looks at the command or automation that it started. Estimate. */
  windowLook: 10_000,
  /** From a reboot to the agent's being back. Estimate. */
  reboot: 60_000,
  /** The agent downloads a package's file. Estimate for a small one. */
  packageDownload: 1_500,
  /** A script on a host. Estimate: real run times are not known before it runs there. */
  hostScript: 1_000,
  /** Athena: from the accepted query to its start. Estimate. */
  queryQueued: 200,
  /** Athena: a query over nothing. Estimate: "a second or two" in public reports. */
  queryRuns: 1_500,
  /** Athena: each object that it lists and opens, tens of them at once. Estimate. */
  queryFile: 2,
  /** Step Functions: from state to state. Estimate. */
  stateChange: 50,
  /** Step Functions: between two looks at a query that a task waits for. Estimate. */
  taskPoll: 5_000,
} as const;
