import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BootstrapRegion } from "../../components/bootstrap/bootstrap-region.js";
import { ScheduleFailures } from "../../components/schedules/schedule-failures.js";
import type { MemberConfig, ScheduleConfig } from "../config.js";

/** A schedule or a collection in a Region, whose failures people are notified of. */
export interface Watched {
  readonly region: string;
  readonly kind: ScheduleConfig["kind"];
  /** Of the window or the association. */
  readonly id: pulumi.Output<string>;
}

/** Publishes failures of schedules and collections to the topics of the bootstrap. */
export function watchSchedules(
  { prefix, regions }: MemberConfig,
  watched: readonly Watched[],
  inRegions: Readonly<Record<string, BootstrapRegion>>,
  provider: aws.Provider,
): void {
  for (const region of regions) {
    const bootstrap = inRegions[region];
    const inRegion = watched.filter((schedule) => schedule.region === region);
    if (bootstrap === undefined || inRegion.length === 0) continue;
    const idsOf = (kind: Watched["kind"]) =>
      inRegion.filter((schedule) => schedule.kind === kind).map(({ id }) => id);
    new ScheduleFailures(
      `schedule-failures-${region}`,
      {
        prefix,
        region,
        windowIds: idsOf("window"),
        associationIds: idsOf("association"),
        topicArn: bootstrap.failureTopicArn,
        deadLettersArn: bootstrap.deadLetterQueueArn,
      },
      { provider },
    );
  }
}
