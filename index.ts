import { readConfig } from "./stacks/config.js";
import { deployLog } from "./stacks/log.js";
import { deployMember } from "./stacks/member.js";

// A function, so that what a stack reads from elsewhere is read and checked before it declares anything.
export = async () => {
  const config = await readConfig();
  return config.role === "log" ? deployLog(config) : deployMember(config);
};
