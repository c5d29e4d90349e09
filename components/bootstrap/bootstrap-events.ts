import { intentTagPrefix, missedType, requestSource, requestType } from "./bootstrap-tags.js";

/** Which events start the bootstrap, by the rule that matches them. */
export const bootstrapEvents = {
  running: {
    description: "Bootstraps an instance when it starts",
    pattern: {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["running"] },
    },
    instancePath: "$.detail.instance-id",
  },
  tags: {
    description: "Bootstraps an instance when its bootstrap tags change",
    // The runbook's own tags begin differently; otherwise each run would start the next one.
    pattern: {
      source: ["aws.tag"],
      "detail-type": ["Tag Change on Resource"],
      detail: {
        service: ["ec2"],
        "resource-type": ["instance"],
        "changed-tag-keys": [{ prefix: intentTagPrefix }],
      },
    },
    // The event names the instance by its ARN. A transformer cannot take the id out of it; the runbook does.
    instancePath: "$.resources[0]",
  },
  requested: {
    description: "Bootstraps an instance when the bootstrap runbook requests it",
    pattern: { source: [requestSource], "detail-type": [requestType] },
    instancePath: "$.detail.instance-id",
    // Whoever requests a bootstrap wants it even where the last one succeeded.
    again: true,
  },
  missed: {
    description:
      "Bootstraps an instance that the reconcile runbook found without a current success",
    // The instance's own event may only be late. The run that starts first does the work; the other one ends at once.
    pattern: { source: [requestSource], "detail-type": [missedType] },
    instancePath: "$.detail.instance-id",
  },
};
