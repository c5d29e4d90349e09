import type { Arn } from "../../../kernel/arn.js";
import { AwsError } from "../../../kernel/errors.js";
import { parsePolicy } from "../../iam/policy.js";
import { resourceType } from "../../../kernel/resource.js";
import type { SnsService, SnsCloud } from "./sns.js";
import type { Topic } from "./topic.js";
import { waitsForPerson } from "./topic.js";

interface TopicInputs {
  readonly name: string;
  readonly displayName?: string;
  readonly kmsMasterKeyId?: string;
  readonly policy?: unknown;
}

interface SubscriptionInputs {
  readonly topic: Arn;
  readonly protocol: string;
  readonly endpoint: string;
  readonly rawMessageDelivery?: boolean;
}

/** Source: SNS API reference, Subscribe. */
const PROTOCOLS = "http https email email-json sms sqs application lambda firehose".split(" ");

/** The Pulumi resource types of SNS. */
export function topicResources(sns: SnsService, cloud: SnsCloud) {
  return [topicType(sns, cloud), policyType(sns), subscriptionType(sns, cloud)];
}

function topicType(sns: SnsService, cloud: SnsCloud) {
  return resourceType<TopicInputs>({
    type: "aws:sns/topic:Topic",
    models: ["name", "displayName", "kmsMasterKeyId", "policy", "tags"],
    replaceOnChanges: ["name", "fifoTopic"],
    autoname: "name",
    create: (inputs, at) => {
      if (!/^[\w-]{1,256}$/.test(inputs.name)) {
        throw new AwsError(
          "InvalidParameter",
          `Invalid parameter: Topic Name "${inputs.name}": 1-256 letters, digits, - and _`,
        );
      }
      const { account, region } = at;
      const { name } = inputs;
      const arn = cloud.arn("sns", region, account, name);
      // CreateTopic gives back a topic that is there; the provider takes it for its own.
      const found = sns.topics.get(arn);
      const topic: Topic = found ?? {
        name,
        arn,
        account,
        region,
        messages: [],
        subscriptions: new Map(),
      };
      sns.topics.set(arn, topic);
      configure(topic, inputs, cloud);
      return { id: arn, outputs: { arn, owner: account } };
    },
    update: (id, inputs) => {
      const topic = sns.topic(id);
      configure(topic, inputs, cloud);
      return { arn: id, owner: topic.account };
    },
    delete: (id) => void sns.topics.delete(id),
  });
}

function configure(topic: Topic, inputs: TopicInputs, cloud: SnsCloud) {
  if ((inputs.displayName?.length ?? 0) > 100) {
    throw new AwsError(
      "InvalidParameter",
      "Invalid parameter: DisplayName: 100 characters at most",
    );
  }
  if (inputs.policy !== undefined) topic.policy = parsePolicy(inputs.policy, "resource");
  if (inputs.kmsMasterKeyId === undefined) delete topic.kmsKey;
  else topic.kmsKey = cloud.kms.key(topic.account, topic.region, inputs.kmsMasterKeyId).arn;
}

function policyType(sns: SnsService) {
  const put = ({ arn, policy }: { arn: Arn; policy: unknown }) => {
    const topic = sns.topic(arn);
    topic.policy = parsePolicy(policy, "resource");
    return { owner: topic.account };
  };
  return resourceType<{ arn: Arn; policy: unknown }>({
    type: "aws:sns/topicPolicy:TopicPolicy",
    models: ["arn", "policy"],
    replaceOnChanges: ["arn"],
    create: (inputs) => ({ id: inputs.arn, outputs: put(inputs) }),
    update: (_id, inputs) => put(inputs),
    delete: (id) => void delete sns.topics.get(id)?.policy,
  });
}

function subscriptionType(sns: SnsService, cloud: SnsCloud) {
  const put = (arn: Arn, inputs: SubscriptionInputs) => {
    const { protocol, endpoint, rawMessageDelivery: raw = false } = inputs;
    const subscription = { arn, protocol, endpoint, raw };
    const topic = sns.topic(inputs.topic);
    topic.subscriptions.set(arn, subscription);
    const pendingConfirmation = waitsForPerson(subscription);
    return { arn, ownerId: topic.account, pendingConfirmation };
  };
  return resourceType<SubscriptionInputs>({
    type: "aws:sns/topicSubscription:TopicSubscription",
    models: ["topic", "protocol", "endpoint", "rawMessageDelivery"],
    replaceOnChanges: ["topic", "protocol", "endpoint"],
    create: (inputs, at) => {
      checkEndpoint(inputs);
      const arn = `${inputs.topic}:${cloud.ids.uuid(`subscription ${at.account} ${at.name}`)}`;
      return { id: arn, outputs: put(arn, inputs) };
    },
    update: (id, inputs) => put(id, inputs),
    delete: (id) => {
      for (const topic of sns.topics.values()) topic.subscriptions.delete(id);
    },
  });
}

function checkEndpoint({ protocol, endpoint }: SubscriptionInputs): void {
  if (!PROTOCOLS.includes(protocol)) {
    throw new AwsError(
      "InvalidParameter",
      `Invalid parameter: Does not support this protocol string: ${protocol}`,
    );
  }
  const isRight = protocol.startsWith("email")
    ? /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(endpoint)
    : protocol === "sqs"
      ? /^arn:[^:]+:sqs:[^:]+:\d{12}:[\w.-]+$/.test(endpoint)
      : endpoint !== "";
  if (isRight) return;
  throw new AwsError(
    "InvalidParameter",
    `Invalid parameter: ${protocol === "sqs" ? "SQS endpoint ARN" : `${protocol} endpoint`}: ${endpoint}`,
  );
}
