import * as pulumi from "@pulumi/pulumi";
import { impossibleChanges, removedBy } from "./stacks/changes.js";
import { ConfigError, readConfig } from "./stacks/config.js";
import { readDeployed } from "./stacks/deployed.js";
import { deployLog } from "./stacks/log.js";
import { deployMember } from "./stacks/member.js";

// A function, so that what a stack reads from elsewhere is read and checked before it declares anything.
export = async () => {
  const config = await readConfig();
  const before = await readDeployed();
  const impossible = impossibleChanges(config, before);
  if (impossible.length > 0) throw new ConfigError("the configuration", impossible);
  for (const { key, reason } of removedBy(config, before))
    void pulumi.log.warn(`${key}: ${reason}`);
  return config.role === "log" ? deployLog(config, before) : deployMember(config, before);
};
