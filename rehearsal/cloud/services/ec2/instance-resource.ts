import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { Ec2Service, Ec2Cloud } from "./ec2.js";
import type { Instance } from "../../../kernel/instance.js";

interface InstanceInputs {
  readonly ami: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly vpcSecurityGroupIds?: readonly string[];
  readonly iamInstanceProfile?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The Pulumi resource: a launch, its tags, and its end. */
export function instanceResource(ec2: Ec2Service, cloud: Ec2Cloud) {
  return resourceType<InstanceInputs>({
    type: "aws:ec2/instance:Instance",
    models: [
      "ami",
      "instanceType",
      "subnetId",
      "vpcSecurityGroupIds",
      "iamInstanceProfile",
      "tags",
      "metadataOptions",
      "rootBlockDevice",
      "ebsOptimized",
      "monitoring",
      "disableApiTermination",
      "associatePublicIpAddress",
      "volumeTags",
    ],
    replaceOnChanges: ["ami", "subnetId", "associatePublicIpAddress"],
    create: (inputs, at) => {
      const { account, region } = at;
      const instance = ec2.launch({
        account,
        region,
        imageId: inputs.ami,
        instanceType: inputs.instanceType,
        subnetId: inputs.subnetId,
        securityGroupIds: inputs.vpcSecurityGroupIds ?? [],
        tags: inputs.tags ?? {},
        ...(inputs.iamInstanceProfile !== undefined && {
          instanceProfileArn: cloud.iam.profileArn(account, inputs.iamInstanceProfile),
        }),
      });
      return { id: instance.id, outputs: instanceOutputs(instance) };
    },
    update: (id, inputs, at, olds) => {
      const instance = ec2.instance(at.account, at.region, id);
      const wanted = inputs.tags ?? {};
      for (const [property, value] of Object.entries(inputs)) {
        // Another type or profile would restart or re-equip a running host.
        const old = olds[property as keyof InstanceInputs];
        if (property !== "tags" && !isDeepStrictEqual(value, old)) {
          cloud.reportNotRehearsed(`aws:ec2/instance:Instance, change of ${property}`);
        }
      }
      const removed = Object.keys(olds.tags ?? {}).filter((key) => !(key in wanted));
      ec2.changeTags(instance, wanted, removed);
      return instanceOutputs(instance);
    },
    read: (id, at) => {
      const { state, tags } = ec2.instance(at.account, at.region, id);
      return state === "terminated" ? undefined : { tags: Object.fromEntries(tags) };
    },
    delete: (id, at) => ec2.terminate(ec2.instance(at.account, at.region, id)),
  });
}

function instanceOutputs(instance: Instance): Properties {
  return { arn: instance.arn, privateIp: instance.privateIp, instanceState: "running" };
}
