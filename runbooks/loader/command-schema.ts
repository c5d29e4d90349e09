import { z } from "zod";

/** The plugins that this project's Command documents use. Source: user guide, "Command document plugin reference". */
const PLUGINS = ["aws:runShellScript", "aws:runPowerShellScript"] as const;

const step = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{3,128}$/, "expected 3-128 letters, digits, _ or -"),
  action: z.enum(PLUGINS),
  precondition: z.record(z.string(), z.array(z.string())).optional(),
  inputs: z.looseObject({ runCommand: z.array(z.string()).min(1, "expected a line at least") }),
});

/** A Command document of the project. Source: user guide, "Data elements and parameters", schema 2.2. */
export const commandSchema = z.strictObject({
  schemaVersion: z.literal("2.2"),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.looseObject({ type: z.string() })).optional(),
  mainSteps: z.array(step).min(1, "expected a step at least"),
});
