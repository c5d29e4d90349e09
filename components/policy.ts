import type * as aws from "@pulumi/aws";

type Statement = aws.iam.PolicyStatement & { Sid: string; Action: string | string[] };
type Principal = NonNullable<aws.iam.PolicyStatement["Principal"]>;
type Resource = NonNullable<aws.iam.PolicyStatement["Resource"]>;

/** A statement of a role's permissions: what it may do to which resources. */
export type Grant = Statement & { Resource: Resource; Principal?: never };

/** A statement of a role's trust policy: who may assume it. */
export type Trust = Statement & { Principal: Principal; Resource?: never };

/** A statement of the policy of a key, a queue or a bucket: who may do what to it. */
export type Access = Statement & { Principal: Principal; Resource: Resource };

const document = (Statement: Statement[]): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement,
});

export const permissions = (...grants: Grant[]): aws.iam.PolicyDocument => document(grants);
export const trust = (...trusts: Trust[]): aws.iam.PolicyDocument => document(trusts);
export const resourcePolicy = (...accesses: Access[]): aws.iam.PolicyDocument => document(accesses);
