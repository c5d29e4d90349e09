import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import type { SecondFactor } from "./aws.js";
import { Identity, wordsOf } from "./aws.js";
import type { LogStack, StackOptions } from "./log-stack.js";

/**
 * The identity that runs scripts: the stack's operator role, which the caller assumes; without one, the caller.
 * @throws UserError where that is nobody of the log account
 */
export async function operatorOf(
  session: Session,
  log: LogStack,
  { mfa }: StackOptions,
): Promise<Identity> {
  const caller = await callerOf(session, log);
  const { operatorRoleArn } = log;
  if (operatorRoleArn !== undefined && !isRole(caller.arn, operatorRoleArn)) {
    try {
      return await caller.assume(log.home, operatorRoleArn, factorOf(mfa, session));
    } catch (error) {
      const remedy =
        "it is for the fleet:runners of the log stack, and --mfa names the device where they need a second factor";
      throw new UserError(`${operatorRoleArn} cannot be assumed: ${wordsOf(error)}; ${remedy}`);
    }
  }
  if (caller.account === log.account) return caller;
  const remedy = "use credentials of that account, or of a role there";
  throw new UserError(
    `expected credentials of the log account ${log.account}, got those of ${caller.arn}; ${remedy}`,
  );
}

function factorOf(serial: string | undefined, { ask }: Session): SecondFactor | undefined {
  if (serial === undefined) return undefined;
  if (ask === undefined) throw new UserError("--mfa: nobody is there to ask for the code");
  return { serial, code: async () => (await ask("Code of the MFA device: ")).trim() };
}

async function callerOf(session: Session, { home }: LogStack): Promise<Identity> {
  try {
    return await Identity.ofSession(session, home);
  } catch (error) {
    throw new UserError(`AWS does not know the caller: ${wordsOf(error)}`);
  }
}

/** `arn:aws:sts::111111111111:assumed-role/cf-run-operator/ann` is a session of the role. */
function isRole(caller: string, roleArn: string): boolean {
  const [, , , , account, role = ""] = roleArn.split(":");
  const name = role.slice(role.lastIndexOf("/") + 1);
  return caller.includes(`:${account ?? ""}:assumed-role/${name}/`);
}
