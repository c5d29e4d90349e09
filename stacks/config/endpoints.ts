import * as z from "zod";
import type { EndpointService } from "../../components/network/endpoint-services.js";
import { endpointServices } from "../../components/network/endpoint-services.js";
import { shown } from "../../lib/problem.js";
import { accountId, eachOnce, expected, oneOf } from "./fields.js";

/** `["*"]`, all of them, or a list; each once and in the order in which they are known. */
export const endpointList = z
  .array(oneOf(["*", ...endpointServices]), expected('a list of services, or ["*"] for all'))
  .superRefine(eachOnce("service"))
  .superRefine((listed, issues) => {
    if (!listed.includes("*") || listed.length === 1) return;
    const message = `expected services, or ["*"] alone, got ${shown(listed)}; * has all of them`;
    issues.addIssue({ code: "custom", message });
  })
  .transform((listed): EndpointService[] =>
    endpointServices.filter((service) => listed.includes("*") || listed.includes(service)),
  );

/** Other accounts with hosts in the VPC. */
export const accountList = z
  .array(accountId, expected("a list of account ids"))
  .superRefine(eachOnce("account"))
  .transform((ids) => [...new Set(ids)].sort());
