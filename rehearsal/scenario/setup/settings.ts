import { z } from "zod";
import type { Project, StackFile } from "../../program/stack-files.js";
import { ownSettings } from "../../program/stack-files.js";

// The program reports a wrong setting; here it counts as not set.
const text = z.string().min(1).optional().catch(undefined);
const texts = z
  .array(z.unknown())
  .catch([])
  .transform((items) => items.filter((item) => typeof item === "string"));
const flag = (set: boolean) => z.boolean().catch(set);
/** Entries by name, without those that are none. */
const entries = <S extends z.ZodType>(schema: S) =>
  z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((written): Record<string, z.output<S>> => {
      const read = Object.entries(written).map(
        ([name, entry]) => [name, schema.safeParse(entry)] as const,
      );
      return Object.fromEntries(
        read.flatMap(([name, { success, data }]) => (success ? [[name, data]] : [])),
      );
    });
const list = <S extends z.ZodType>(schema: S) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items): z.output<S>[] =>
      items.flatMap((item) => {
        const { success, data } = schema.safeParse(item);
        return success ? [data] : [];
      }),
    );

const host = z.object({
  platform: z.enum(["linux", "windows"]),
  packages: texts,
  cloudwatch: text,
  enabled: flag(true),
  subnet: text,
  hostname: text,
  domain: text,
});
export type HostSettings = z.output<typeof host>;

const timed = z.object({ target: text, kind: text, document: text, runbook: text });

const pack = z.object({
  name: z.string(),
  version: z.string(),
  secrets: entries(z.string()),
  share: z.unknown().optional(),
});

const identityCenter = z
  .object({ accounts: texts, region: text, groupId: text })
  .optional()
  .catch(undefined);

const people = z
  .object({ principals: texts })
  .catch({ principals: [] })
  .transform(({ principals }) => principals);

const settings = z.object({
  role: text,
  account: z.string().catch(""),
  regions: texts,
  prefix: z.string().min(1).catch("cf"),
  kmsKeyArn: text,
  packages: list(pack),
  identityCenter,
  runAccounts: texts,
  runners: people,
  logStack: text,
  vpc: text,
  hosts: entries(host),
  endpoints: texts,
  endpointAccounts: texts,
  sessionUsers: people,
  schedules: entries(timed),
  collect: entries(timed),
  routes: list(z.object({ name: z.string() })),
});

/** The settings of a stack file that the rehearsal itself uses. */
export interface Settings extends z.output<typeof settings> {
  /** The stack's name. */
  readonly stack: string;
}

export const settingsOf = (project: Project, stack: StackFile): Settings => ({
  stack: stack.name,
  ...settings.parse(ownSettings(project, stack)),
});

/** The log stack that a member names, as `organization/fleet/log`. */
export const logOf = (
  stacks: readonly Settings[],
  { logStack }: Settings,
): Settings | undefined => {
  const logs = stacks.filter(({ role }) => role === "log");
  return logs.find(({ stack }) => stack === logStack?.split("/").at(-1)) ?? logs[0];
};
