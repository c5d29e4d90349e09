import * as z from "zod";
import { ConfigProblem } from "./config-error";
import { expected, line, optional, take, text } from "./fields";
import { unknownFields } from "./unknown-fields";

/** One host to launch in a member account. */
export type HostConfig = z.output<typeof hostSchema>;

const key = "fleet:hosts";

/** EC2's limit for the value of a tag, in characters. */
const maxTag = 256;

const packageNames = z
  .array(text(/^[A-Za-z0-9_.-]+$/, "the name of a package"), expected("a list of package names"))
  .refine((names) => JSON.stringify(names).length <= maxTag, {
    error: `expected a list of at most ${maxTag} characters as JSON, which is what a tag holds`,
  });

const hostSchema = z.object(
  {
    platform: z.literal("linux", expected("linux", "Windows hosts come with a later release")),
    instanceType: text(
      /^[a-z][a-z0-9-]*\d[a-z0-9-]*\.[a-z0-9-]+$/,
      "an EC2 instance type",
      'write for example "t3.micro"',
    ).default("t3.micro"),
    packages: packageNames.default([]),
    enabled: z.boolean(expected("true or false")).default(true),
    subnet: optional(line("the Name tag of a private subnet")),
  },
  expected("an object"),
);

/** Reads `fleet:hosts`: an object per host, by the host's name. */
export function takeHosts(
  entries: Readonly<Record<string, unknown>>,
  problems: ConfigProblem[],
): Readonly<Record<string, HostConfig>> {
  const taken = Object.entries(entries).flatMap(([name, host]) => {
    const at = `${key}.${name}`;
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      const reason = `expected a name of 1-32 letters a-z, digits or -, beginning with a letter`;
      problems.push({ key: at, reason });
    }
    problems.push(...unknownFields(at, host, Object.keys(hostSchema.shape)));
    const fields = take(at, host, hostSchema, problems);
    return fields ? [[name, fields] as const] : [];
  });
  return Object.fromEntries(taken);
}
