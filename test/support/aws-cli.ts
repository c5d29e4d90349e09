import { execFile, execFileSync } from "node:child_process";

/**
 * For the tests of a `describe`: the AWS CLI. Without it on the PATH they are skipped, unless `FLEET_REQUIRE_AWS_CLI` is set.
 */
export function withAwsCli(): void {
  before(function () {
    this.timeout(60_000);
    const problem = awsCliProblem();
    if (problem === undefined) return;
    if (process.env["FLEET_REQUIRE_AWS_CLI"]) throw new Error(problem);
    process.stderr.write(`      skipped: ${problem}\n`);
    this.skip();
  });
}

function awsCliProblem(): string | undefined {
  try {
    execFileSync("aws", ["--version"], { stdio: "pipe" });
    return undefined;
  } catch {
    return "the AWS CLI is not there: `aws` is not on the PATH";
  }
}

/** What a command of the AWS CLI wrote and how it ended. */
export interface CliAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Runs the AWS CLI with nothing of this machine's AWS: neither its files nor its variables. */
export function aws(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CliAnswer> {
  const { PATH = "", HOME = "" } = process.env;
  const none = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const env = { PATH, HOME, AWS_PAGER: "", AWS_EC2_METADATA_DISABLED: "true", ...none };
  return new Promise((resolve) => {
    execFile(
      "aws",
      [...args],
      { encoding: "utf8", env: { ...env, ...environment } },
      (error, stdout, stderr) =>
        resolve({ stdout, stderr, status: typeof error?.code === "number" ? error.code : 0 }),
    );
  });
}

/** What a command that succeeds writes. */
export async function awsText(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const { stdout, stderr, status } = await aws(environment, ...args);
  if (status !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The answer of a command that succeeds. */
export async function awsJson<Answer>(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Answer> {
  return JSON.parse(await awsText(environment, ...args, "--output", "json")) as Answer;
}
