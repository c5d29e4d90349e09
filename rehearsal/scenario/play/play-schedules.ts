import type { Cloud } from "../../cloud/cloud.js";
import { noHostFor } from "../check/schedules.js";

/** Something that runs on a schedule. */
interface Timed {
  readonly account: string;
  readonly region: string;
  readonly what: string;
  /** When it comes next, in milliseconds since the epoch; undefined: never again. */
  readonly at: number | undefined;
}

/** How long before the hour of a schedule time goes on as ever. */
const MINUTE = 60_000;

/**
 * Goes on to the next hour of each schedule, collection, route and rule, one after the other, and on until nothing is
 * left to happen. Nothing comes by itself in between, so a schedule that is months away takes no longer than one that
 * is near.
 */
export async function playSchedules(cloud: Cloud): Promise<void> {
  const { clock } = cloud;
  await clock.run();
  const timed = timedIn(cloud);
  for (const { account, region, what, at } of timed)
    if (at === undefined)
      cloud.reportNotRehearsed(
        `${what} of ${account} in ${region}: no time is left at which it runs`,
      );
  const coming = timed.flatMap(({ at }) => at ?? []).sort((a, b) => a - b);
  for (const at of coming) {
    if (at - MINUTE > clock.now) clock.skip(at - MINUTE);
    if (at > clock.now) await clock.run(at);
    await clock.run();
  }
  noteIdle(cloud);
}

/** A schedule that finds no host anywhere shows nothing. */
function noteIdle(cloud: Cloud): void {
  for (const name of new Set(cloud.scheduled.map((run) => run.name))) {
    const runs = cloud.scheduled.filter((run) => run.name === name);
    if (runs.every(({ hosts }) => hosts === 0)) cloud.reportNotRehearsed(noHostFor(name));
  }
}

function timedIn({ clock, events, ssm }: Cloud): Timed[] {
  const windows = [...ssm.windows.windows.all()].flatMap(({ inputs, schedule, ...place }) =>
    inputs.enabled === false ? [] : [{ ...place, schedule, what: `window ${inputs.name}` }],
  );
  const associations = [...ssm.associations.associations.all()].flatMap(
    ({ inputs, schedule, ...place }) =>
      schedule === undefined
        ? []
        : [{ ...place, schedule, what: `association ${inputs.associationName ?? place.id}` }],
  );
  const rules = [...events.rules.all()].flatMap(({ enabled, name, schedule, ...place }) =>
    schedule === undefined || !enabled ? [] : [{ ...place, schedule, what: `rule ${name}` }],
  );
  return [...windows, ...associations, ...rules].map(({ account, region, schedule, what }) => {
    return { account, region, what, at: schedule.next(clock.now) };
  });
}
