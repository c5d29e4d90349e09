// The role by which maintenance windows start the library's scripts.
import type * as aws from "@pulumi/aws";
import { ScheduleRole } from "../../../components/schedules/schedule-role.js";

const account = { id: "222222222222", partition: "aws" } as const;

export const example = (provider: aws.Provider): ScheduleRole =>
  new ScheduleRole(
    "windows",
    {
      account,
      source: { accountId: "111111111111", prefix: "cf" },
      works: [{ what: "script", name: "facts", parameters: {} }],
    },
    { provider },
  );
