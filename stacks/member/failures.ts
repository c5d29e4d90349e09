import type * as aws from "@pulumi/aws";
import type { BootstrapRegion } from "../../components/bootstrap/bootstrap-region.js";
import type { WatchedSchedule } from "../../components/schedules/schedule-failures.js";
import { ScheduleFailures } from "../../components/schedules/schedule-failures.js";
import type { MemberConfig } from "../config.js";

/** A schedule or a collection in a Region. */
export interface Watched extends WatchedSchedule {
  readonly region: string;
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
    const here = watched.filter((each) => each.region === region);
    if (bootstrap === undefined || here.length === 0) continue;
    new ScheduleFailures(
      `schedule-failures-${region}`,
      {
        prefix,
        region,
        schedules: here,
        topicArn: bootstrap.failureTopicArn,
        deadLettersArn: bootstrap.deadLetterQueueArn,
      },
      { provider },
    );
  }
}
