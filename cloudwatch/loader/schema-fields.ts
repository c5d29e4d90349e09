// What the schema of the CloudWatch agent's configuration is made of.
import * as z from "zod";

export const text = (most: number) => z.string().min(1).max(most);
export const interval = z.int().min(1).max(172_800);

const differ = (list: readonly unknown[]): boolean =>
  new Set(list.map((item) => JSON.stringify(item))).size === list.length;
export const unique = <S extends z.ZodArray>(list: S) =>
  list.refine(differ, "expected no entry twice, got the same again");

export const notEmpty = <S extends z.ZodType<object>>(section: S) =>
  section.refine((keys) => Object.keys(keys).length > 0, "expected at least one section, got none");

export const access = {
  credentials: z.strictObject({ role_arn: z.string().min(20).max(2048).optional() }).optional(),
  endpoint_override: z.string().min(4).max(2048).optional(),
};

export const service = (name: number, environment: number) => ({
  "service.name": text(name).optional(),
  "deployment.environment": text(environment).optional(),
});
