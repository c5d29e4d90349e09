// A role with which operators of another account open sessions on the hosts of this one.
import type * as aws from "@pulumi/aws";
import { SessionUserRole } from "../../../components/sessions/session-user-role.js";

const account = { id: "222222222222", partition: "aws" } as const;

export const example = (provider: aws.Provider): SessionUserRole =>
  new SessionUserRole(
    "sessions",
    { account, principals: ["arn:aws:iam::333333333333:role/Operators"] },
    { provider },
  );
