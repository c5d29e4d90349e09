// People who sign in by IAM Identity Center may open sessions on the hosts of an account. The
// provider is that of the account that administers Identity Center.
import type * as aws from "@pulumi/aws";
import { IdentityCenterAccess } from "../../../components/sessions/identity-center-access.js";

export const example = (provider: aws.Provider): IdentityCenterAccess =>
  new IdentityCenterAccess(
    "people",
    { partition: "aws", prefix: "cf", region: "eu-central-1", accountIds: ["222222222222"] },
    { provider },
  );
