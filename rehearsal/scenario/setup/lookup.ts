// Accounts and hosts of an environment by the names that scenarios give them.
import { UserError } from "../../../lib/user-error.js";
import type { Instance } from "../../kernel/instance.js";
import type { Environment } from "./environment.js";

/** The account of a stack that was deployed. @throws UserError where there is none of the name. */
export function stackAccount(environment: Environment, name: string): string {
  const found = environment.stacks.find((stack) => stack.name === name);
  if (found !== undefined) return found.account;
  const known = environment.stacks.map((stack) => stack.name).join(", ");
  throw new UserError(`stack "${name}": there is none of that name; the stacks are ${known}`);
}

/** All instances, in the order of their launch. */
export function hostsOf({ cloud }: Environment): Instance[] {
  return [...cloud.ec2.instances.all()];
}

/** The name by which scenarios and reports call an instance. */
export function hostName(instance: Instance): string {
  return instance.tags.get("Name") ?? instance.id;
}

/**
 * A host by its name, or by its stack's and its own: `member/web`.
 * @throws UserError where no instance, or more than one, has the name.
 */
export function hostNamed(environment: Environment, name: string): Instance {
  const hosts = hostsOf(environment);
  const found = hosts.filter((instance) => isCalled(environment, instance, name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = hosts.map(hostName).join(", ") || "none";
  throw new UserError(
    `host "${name}": ${found.length} instances have that name; the hosts are ${known}${found.length > 1 ? `, those in ${found.map(({ account }) => account).join(" and ")}; write the stack before it, as in ${environment.stacks.find(({ account }) => account === only?.account)?.name ?? "stack"}/${name}` : ""}`,
  );
}

function isCalled({ stacks }: Environment, instance: Instance, name: string): boolean {
  const own = hostName(instance);
  if (own === name) return true;
  return stacks.some(
    (stack) => stack.account === instance.account && `${stack.name}/${own}` === name,
  );
}
