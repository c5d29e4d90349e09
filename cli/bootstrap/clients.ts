import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Session } from "../session.js";

/** What the commands ask in one Region. */
export interface Clients {
  readonly ec2: EC2Client;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
}

export function clientsFor(session: Session, region: string): Clients {
  // After a storm there are hundreds of runs to look up, faster than AWS answers.
  const settings = { region, retryMode: "adaptive", maxAttempts: 8, ...session.sdk?.(region) };
  return {
    ec2: new EC2Client(settings),
    events: new EventBridgeClient(settings),
    // Otherwise the SDK goes to the host in the queue's URL, whatever endpoint the environment names.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    ssm: new SSMClient(settings),
  };
}
