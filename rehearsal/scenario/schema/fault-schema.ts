import { z } from "zod";

const text = z.string().min(1);
const count = z.int().min(0);
/** ISO 8601, days to seconds: `P1D`, `PT10M`, `PT1H30M`. */
export const duration = z
  .string()
  .regex(
    /^P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?$/,
    "expected an ISO 8601 duration such as PT10M or P1D",
  )
  // Hosts report and schedules act in all that time, which the machine has to compute.
  .refine((iso) => milliseconds(iso) <= MAX_DURATION, "expected at most P366D");

const MAX_DURATION = 366 * 24 * 3_600_000;

/** Milliseconds of an ISO 8601 duration of days to seconds. */
export function milliseconds(iso: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso) ?? [];
  return (
    (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  );
}

/** What breaks, before the first host runs or later. */
export const fault = z.union([
  z.strictObject({ tamper: z.strictObject({ package: text }) }),
  z.strictObject({
    unshare: z
      .strictObject({ package: text.optional(), document: text.optional(), from: text })
      .refine(
        (unshared) => (unshared.package === undefined) !== (unshared.document === undefined),
        {
          message: "expected either package or document",
        },
      ),
  }),
  z.strictObject({ removeStatement: z.strictObject({ stack: text, sid: text }) }),
  z.strictObject({ disableKey: z.strictObject({ stack: text, alias: text }) }),
  z.strictObject({ removeParameter: z.strictObject({ stack: text, name: text }) }),
  z.strictObject({
    throttle: z.strictObject({ call: text, for: duration.optional(), times: count.optional() }),
  }),
  z.strictObject({
    events: z.strictObject({
      /** A text in the rule's name. */
      rule: text.optional(),
      detailType: text.optional(),
      deliver: z.union([z.enum(["twice", "never"]), z.strictObject({ late: duration })]),
    }),
  }),
]);

export type Fault = z.infer<typeof fault>;
