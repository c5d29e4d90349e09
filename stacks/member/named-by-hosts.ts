// What hosts name and no stack makes: images and directories.
import * as aws from "@pulumi/aws";
import { imageParameter } from "../../components/hosts/host-image.js";
import type { ConfigProblem, MemberConfig } from "../config.js";
import { isProblem, lookedUp } from "./looked-up.js";

/** Settings of hosts whose image or directory is not in the first Region, where hosts are launched. */
export async function hostProblems(
  { hosts, regions }: MemberConfig,
  provider: aws.Provider,
): Promise<ConfigProblem[]> {
  const [region] = regions;
  const found = Object.entries(hosts).flatMap(([name, host]) => [
    imageOf(`fleet:hosts.${name}.image`, imageParameter(host), region, provider),
    ...(host.domain === undefined
      ? []
      : [directoryOf(`fleet:hosts.${name}.domain`, host.domain, region, provider)]),
  ]);
  return (await Promise.all(found)).filter(isProblem);
}

function imageOf(key: string, name: string, region: string, provider: aws.Provider) {
  const folder = name.slice(0, name.lastIndexOf("/"));
  const list = `aws ssm get-parameters-by-path --recursive --path ${folder} --region ${region}`;
  const missing = `expected the public parameter of an image in ${region}, found none called "${name}"; ${list} lists those nearby`;
  return lookedUp(aws.ssm.getParameter({ name }, { provider }), {
    key,
    missing,
    what: `the parameter "${name}"`,
  });
}

function directoryOf(key: string, id: string, region: string, provider: aws.Provider) {
  const list = `aws ds describe-directories --region ${region}`;
  const missing = `expected a directory of the account in ${region}, found none with the id "${id}"; ${list} lists them`;
  return lookedUp(aws.directoryservice.getDirectory({ directoryId: id }, { provider }), {
    key,
    missing,
    what: `the directory "${id}"`,
  });
}
