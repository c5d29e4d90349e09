import { AwsError } from "../../kernel/errors.js";

/** What a promise was refused with: `Code: message`. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === undefined ? message : `${code}: ${message}`;
  }
  return "it was taken";
}

/** The AWS error that a call ends with. */
export async function awsErrorOf(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}
