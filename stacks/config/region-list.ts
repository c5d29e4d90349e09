import * as z from "zod";
import type { Partition } from "../../components/account.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import { shown } from "../../lib/problem.js";
import { expected } from "./fields.js";
import { partitions } from "../../lib/partitions.js";
import { regionsOf } from "./regions.js";

/** Region names, the first at least, without repetitions, all of the partition. */
export const regionList = (partition: Partition | undefined) =>
  z
    .array(z.string(expected("a Region")), expected("a list of Regions, home first"))
    .superRefine((regions, issues) => {
      const fail = (path: number[], message: string) =>
        issues.addIssue({ code: "custom", path, message });
      if (regions.length === 0) fail([], "expected at least one Region, home first, got none");
      for (const [index, region] of regions.entries()) {
        if (regions.indexOf(region) < index) {
          fail([index], `expected each Region once, got "${region}" again`);
        }
        const reason = regionProblem(region, partition);
        if (reason) fail([index], reason);
      }
    })
    .transform((regions) => regions as [string, ...string[]]);

function regionProblem(region: string, partition: Partition | undefined): string | undefined {
  const home = partitions.find((candidate) => regionsOf[candidate].includes(region));
  if (home && (!partition || home === partition)) return undefined;
  if (home && partition) {
    return `expected a Region of ${partition}, got "${region}", which is in ${home}; a stack stays in its partition`;
  }
  const known = partition
    ? regionsOf[partition]
    : partitions.flatMap((candidate) => regionsOf[candidate]);
  return `expected a Region of ${partition ?? "AWS"}, got ${shown(region)}${didYouMean(region, known)}`;
}
