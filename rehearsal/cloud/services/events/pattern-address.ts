import { BlockList, isIP } from "node:net";
import { InvalidEventPattern } from "./invalid-event-pattern.js";
import type { Scalar } from "./json.js";
import type { Test } from "./pattern-tests.js";
import { text } from "./pattern-tests.js";

/** For a text that is an IP address, a test for that address in whatever spelling. */
export function address(value: Scalar): Test | undefined {
  const family = typeof value === "string" ? familyOf(value) : undefined;
  if (typeof value !== "string" || family === undefined) return undefined;
  const list = new BlockList();
  list.addAddress(value, family);
  return within(list);
}

/** A test for addresses in a block such as `10.0.0.0/8`. Event Ruler takes no block of a single address. */
export function cidr(block: string): Test {
  const [base = "", bits, ...more] = block.split("/");
  if (bits === undefined || more.length > 0) {
    throw new InvalidEventPattern("Malformed CIDR, one '/' required");
  }
  if (!/^\d+$/.test(bits)) {
    throw new InvalidEventPattern("Malformed CIDR, mask bits must be an integer");
  }
  const family = familyOf(base);
  if (family === undefined) throw new InvalidEventPattern(`Nonstandard IP address: ${base}`);
  const length = family === "ipv4" ? 32 : 128;
  if (Number(bits) >= length) {
    throw new InvalidEventPattern(`IPv${isIP(base)} mask bits must be < ${length}`);
  }
  const list = new BlockList();
  list.addSubnet(base, Number(bits), family);
  return within(list);
}

function within(list: BlockList): Test {
  return text((value) => {
    const family = familyOf(value);
    return family !== undefined && list.check(value, family);
  });
}

/** Addresses with a zone (`fe80::1%eth0`) are mere texts. */
function familyOf(value: string): "ipv4" | "ipv6" | undefined {
  const version = value.includes("%") ? 0 : isIP(value);
  return version === 4 ? "ipv4" : version === 6 ? "ipv6" : undefined;
}
