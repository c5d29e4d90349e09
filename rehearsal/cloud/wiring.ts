import type { Cloud } from "./cloud.js";
import type { Operations } from "../kernel/operation.js";
import type { Service } from "../kernel/resource.js";

/** The API operations by service, named as in the AWS SDK for Python. */
export function operationsOf(cloud: Cloud): Readonly<Record<string, Operations>> {
  return {
    sts: cloud.sts.operations,
    kms: cloud.kms.operations,
    "resource-groups": cloud.resourceGroups.operations,
    s3: cloud.s3.operations,
    sqs: cloud.sqs.operations,
    sns: cloud.sns.operations,
    events: cloud.events.operations,
    logs: cloud.logs.operations,
    cloudwatch: cloud.cloudwatch.operations,
    athena: cloud.athena.operations,
    stepfunctions: cloud.stepFunctions.operations,
    glue: cloud.glue.operations,
    organizations: cloud.organizations.operations,
    ds: cloud.directoryService.operations,
    ec2: cloud.ec2.operations,
    ssm: cloud.ssm.operations,
    ssmmessages: cloud.ssm.channelOperations,
  };
}

/** The services that take resources, in the order of their types. */
export function servicesOf(cloud: Cloud): readonly Service[] {
  return [
    cloud.iam,
    cloud.kms,
    cloud.s3,
    cloud.sqs,
    cloud.sns,
    cloud.ec2,
    cloud.directoryService,
    cloud.ssm,
    cloud.events,
    cloud.cloudwatch,
    cloud.logs,
    cloud.glue,
    cloud.athena,
    cloud.stepFunctions,
    cloud.identityCenter,
    cloud.organizations,
    cloud.resourceGroups,
    cloud.archive,
  ];
}
