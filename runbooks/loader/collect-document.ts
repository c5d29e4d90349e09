import { join } from "node:path";
import { loadRunbook } from "./runbook.js";

/** The runbook that makes inventory and compliance of what scripts answer: the very bytes of the file, checked. */
export const collectDocument = (): string =>
  loadRunbook(join(__dirname, "..", "collect.yaml")).source;
