// Who opens sessions on hosts: by a role of the member account, or by IAM Identity Center.
import * as z from "zod";
import type { Partition } from "../../components/account.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import { isRecord } from "../../lib/record.js";
import { accountId, eachOnce, expected, optional, text, truth } from "./fields.js";
import { regionsOf } from "./regions.js";

/** People who take the session role of a member account. */
export interface SessionUsers {
  readonly principals: readonly string[];
  readonly mfa: boolean;
}

/** The settings of IAM Identity Center, for the account that administers it; only a log stack deploys them. */
export interface IdentityCenter {
  readonly accounts: readonly string[];
  /** @default the stack's home Region */
  readonly region?: string;
  readonly groupId?: string;
}

/** An object with these fields; a key of the config that is `{}` is not set. */
const fields = <S extends z.ZodRawShape>(shape: S) =>
  z.preprocess(
    (value) => (isRecord(value) && Object.keys(value).length === 0 ? undefined : value),
    z
      .strictObject(shape, {
        error: (issue) => {
          if (issue.code !== "unrecognized_keys") return expected("an object").error(issue);
          const [found = ""] = issue.keys;
          const known = Object.keys(shape);
          return `expected only the fields ${known.join(", ")}, got "${found}"${didYouMean(found, known)}`;
        },
      })
      .optional(),
  );

const listOf = (item: z.ZodType<string>, what: string) =>
  z
    .array(item, expected(what))
    .min(1, expected(what))
    .superRefine(eachOnce("one"))
    .transform((all) => [...new Set(all)].sort());

export const sessionUsersOf = (partition: Partition | undefined) =>
  fields({
    principals: listOf(
      text(
        new RegExp(
          `^arn:${partition ?? "aws[a-z-]*"}:iam::\\d{12}:(?:root|(?:role|user)/[\\w+=,.@/-]+)$`,
        ),
        "the ARN of a role, a user or an account (…:root) of the partition",
      ),
      "a list of at least one ARN",
    ),
    mfa: truth.default(false),
  });

export const identityCenterOf = (partition: Partition | undefined) =>
  fields({
    accounts: listOf(accountId, "a list of at least one account id"),
    region: optional(
      z
        .string(expected("a Region"))
        .refine((region) => partition === undefined || regionsOf[partition].includes(region), {
          error: ({ input }) => expected(`a Region of ${partition ?? "AWS"}`).error({ input }),
        }),
    ),
    groupId: optional(
      text(
        /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        "the id of a group, a UUID",
      ),
    ),
  });
