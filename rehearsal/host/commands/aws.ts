import type { Command, ExecResult } from "just-bash";
import { AwsError, NotRehearsed } from "../../kernel/errors.js";
import type { AwsCall } from "../role-call.js";
import { command, fail, succeed } from "./command.js";
import { own } from "../../own.js";

/** What the command needs of the host it runs on. */
export interface AwsCommandHost {
  /** @throws AwsError; NoCredentials where the host has no role */
  call(request: AwsCall): Promise<unknown>;
  reportNotRehearsed(subject: string): void;
}

/** Exit codes of AWS CLI 2. Source: AWS CLI user guide, "Command line return codes". */
const EXIT = { usage: 252, credentials: 253, service: 254 };

const USAGE = `
usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`;

interface GetParameter {
  readonly name?: string;
  readonly withDecryption: boolean;
  readonly query?: string;
  readonly output: string;
  readonly region?: string;
}

/** `aws` of the built-in shell: see `runAws`. */
export function aws(host: AwsCommandHost): Command {
  return command("aws", (args, context) =>
    runAws(host, args, (name) => context.env.get(name) ?? ""),
  );
}

/**
 * AWS CLI 2 with the credentials of the host's role. `aws ssm get-parameter` with `--query Parameter.Value` or
 * `Parameter.Version` is what a package's scripts need of it; all else is reported as not rehearsed.
 */
export async function runAws(
  host: AwsCommandHost,
  args: readonly string[],
  environment: (name: string) => string,
): Promise<ExecResult> {
  const [service = "", operation = ""] = args;
  if (service !== "ssm" || operation !== "get-parameter")
    return notRehearsed(host, `aws ${service} ${operation}`.trim());
  const wanted = read(args.slice(2), environment("AWS_DEFAULT_OUTPUT") || "json");
  if (typeof wanted === "string") return notRehearsed(host, `aws ssm get-parameter ${wanted}`);
  if (wanted.name === undefined) return usage("the following arguments are required: --name");
  const field = /^Parameter\.(Value|Version)$/.exec(wanted.query ?? "")?.[1];
  if (field === undefined || !/^(text|json)$/.test(wanted.output)) {
    const use = `--query ${wanted.query ?? "(none)"} --output ${wanted.output}`;
    return notRehearsed(host, `aws ssm get-parameter ${use}`);
  }
  // Without one, the CLI asks the instance's metadata for the Region.
  const region = wanted.region ?? (environment("AWS_REGION") || environment("AWS_DEFAULT_REGION"));
  return getParameter(host, { ...wanted, name: wanted.name, field }, region);
}

async function getParameter(
  host: AwsCommandHost,
  { name, withDecryption, output, field }: GetParameter & { name: string; field: string },
  region: string,
): Promise<ExecResult> {
  try {
    const found = (await host.call({
      service: "ssm",
      operation: "GetParameter",
      input: { Name: name, WithDecryption: withDecryption },
      ...(region !== "" && { region }),
    })) as { readonly Parameter?: Readonly<Record<string, string | number>> };
    const value = (found.Parameter && own(found.Parameter, field)) ?? null;
    // JMESPath's null is `None` as text.
    return succeed(`${output === "text" ? (value ?? "None") : JSON.stringify(value)}\n`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return failure(error);
  }
}

/** A refusal in the CLI's words. */
function failure(error: AwsError): ExecResult {
  if (error instanceof NotRehearsed) return fail(`aws: ${error.message}`, EXIT.service);
  if (error.code === "NoCredentials") {
    return fail(
      '\nUnable to locate credentials. You can configure credentials by running "aws configure".',
      EXIT.credentials,
    );
  }
  return fail(
    `\nAn error occurred (${error.code}) when calling the GetParameter operation: ${error.message}`,
    EXIT.service,
  );
}

/** Reads the options; a text is the one that is not known. */
function read(args: readonly string[], output: string): GetParameter | string {
  const rest = [...args];
  const given = new Map<string, string>();
  let withDecryption = false;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [option = "", inline] = arg.split(/=(.*)/s);
    if (option === "--with-decryption") withDecryption = true;
    else if (option === "--no-with-decryption") withDecryption = false;
    else if (/^--(name|query|output|region)$/.test(option))
      given.set(option.slice(2), inline ?? rest.shift() ?? "");
    // There is no terminal to page on.
    else if (option !== "--no-cli-pager") return arg;
  }
  const text = (key: "name" | "query" | "region") => {
    const value = given.get(key);
    return value !== undefined && { [key]: value };
  };
  return {
    ...text("name"),
    ...text("query"),
    ...text("region"),
    withDecryption,
    output: given.get("output") ?? output,
  };
}

function usage(problem: string): ExecResult {
  return fail(`${USAGE}\naws: error: ${problem}`, EXIT.usage);
}

function notRehearsed(host: AwsCommandHost, use: string): ExecResult {
  host.reportNotRehearsed(`shell command: ${use}`);
  return fail(`aws: not rehearsed: ${use}`, EXIT.usage);
}
