// A stack's own last deployment. Pulumi shows a program only what it declares now; the outputs of the last deployment
// show what the config no longer has.
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { removals } from "./removal.js";

/** The engine's own function. */
export const ownOutputs = "pulumi:pulumi:readStackOutputs";

const texts = z.record(z.string(), z.string()).optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const list = z.array(z.string()).optional().catch(undefined);

/** Each may be missing: before the first deployment, or where an older program made it. */
const deployed = z.object({
  regions: list,
  prefix: text,
  /** What its resources do when they leave the stack; an older program let all be deleted. */
  onRemove: z.enum(removals).optional().catch(undefined),
  bucket: text,
  kmsKeyArn: text,
  ownKeyArn: text,
  earlierKeyArns: list,
  packages: z
    .record(
      z.string(),
      z.object({
        version: z.string(),
        arns: z.record(z.string(), z.string()).default({}),
      }),
    )
    .optional()
    .catch(undefined),
  publishedVersions: z.record(z.string(), z.array(z.string())).optional().catch(undefined),
  runs: z.object({ buckets: texts }).optional().catch(undefined),
  hosts: texts,
  images: texts,
});

/** A stack's outputs of its last deployment. */
export type Deployed = z.output<typeof deployed>;

/**
 * Reads what this stack exported last; nothing before its first deployment. A StackReference would do, but it is a resource:
 * every refresh would then find that the stack's own outputs have changed.
 */
export async function readDeployed(): Promise<Deployed> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs } = (await pulumi.runtime.invoke(ownOutputs, { name })) as { outputs?: unknown };
  return deployed.parse(outputs ?? {});
}
