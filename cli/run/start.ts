import { StartAutomationExecutionCommand } from "@aws-sdk/client-ssm";
import { randomUUID } from "node:crypto";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import type { Identity } from "./aws.js";
import { wordsOf } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { RateLimiter } from "./rate-limiter.js";
import type { Limits, Target } from "./request.js";
import type { Start } from "./split.js";

/** What is started, the same in all automations of a run. */
export interface StartRequest {
  readonly run: string;
  readonly document: string;
  readonly owner: string;
  /** As the runbook takes them. */
  readonly parameters: string;
  readonly limits: Limits;
}

/**
 * Starts an automation, with a token by which AWS recognises a repeated request.
 * @returns its id
 */
export async function start(
  request: StartRequest,
  target: Omit<Target, "text">,
  { bucket, entries }: Start,
  log: LogStack,
  operator: Identity,
): Promise<string> {
  const { run, document, owner, parameters, limits } = request;
  const command = new StartAutomationExecutionCommand({
    DocumentName: log.runbook,
    ClientToken: randomUUID(),
    Parameters: {
      AutomationAssumeRole: [log.administrationRoleArn],
      Document: [document],
      DocumentOwner: [owner],
      Parameters: [parameters],
      TargetKey: [target.key],
      TargetValues: [...target.values],
      RunId: [run],
      OutputBucket: [bucket],
      MaxConcurrency: [limits.maxConcurrency],
      MaxErrors: [limits.maxErrors],
      DeliveryTimeoutSeconds: [String(limits.deliveryTimeout)],
    },
    TargetLocations: entries.map(({ region, accounts }) => ({
      Accounts: [...accounts],
      Regions: [region],
      ExecutionRoleName: log.executionRoleName,
      TargetLocationMaxConcurrency: limits.locationConcurrency,
      TargetLocationMaxErrors: limits.locationErrors,
    })),
  });
  const { AutomationExecutionId: id = "" } = await operator.ssm(log.home).send(command);
  return id;
}

/**
 * Starts one automation after the other.
 * @throws UserError; what was started before goes on, and the message says how to stop it
 */
export async function startAll(
  request: StartRequest,
  starts: readonly (Start & { readonly target: Omit<Target, "text"> })[],
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [index, part] of starts.entries()) {
    try {
      ids.push(await limiter.start(() => start(request, part.target, part, log, operator)));
    } catch (error) {
      const which = `automation ${index + 1} of ${starts.length}`;
      const rest =
        index === 0
          ? "nothing was started"
          : `those before it run: npx fleet run status ${request.run}, npx fleet run stop ${request.run}`;
      const code = index === 0 ? EXIT.refused : EXIT.someFailed;
      throw new UserError(`${which} could not be started: ${wordsOf(error)}; ${rest}`, code);
    }
  }
  return ids;
}
