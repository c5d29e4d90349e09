import * as z from "zod";
import { expected, text } from "./fields";

/** What a member stack is told about its bootstrap product. */
export interface BootstrapConfig {
  /** E-mail addresses that are told of failures. */
  readonly notify: readonly string[];
}

/** Reads a key; undefined when it is wrong, which is then among the problems, or not set. */
type Reader = <S extends z.ZodType>(key: string, schema: S) => z.output<S> | undefined;

export const takeBootstrap = (read: Reader): BootstrapConfig => ({
  notify: read("notify", addresses) ?? [],
});

/** What AWS takes for an address is not published: a name, an `@` and a domain with a dot. */
const address = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address such as ops@example.com");

const addresses = z
  .array(address, expected("a list of e-mail addresses"))
  .superRefine((list, issues) => {
    for (const [index, each] of list.entries()) {
      if (list.indexOf(each) === index) continue;
      const message = `expected each address once, got "${each}" again`;
      issues.addIssue({ code: "custom", path: [index], message });
    }
  });
