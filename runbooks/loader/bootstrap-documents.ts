import { readFileSync } from "node:fs";
import { loadRunbook } from "./runbook.js";

/** The documents of the bootstrap product: the very bytes of the files, the runbooks checked. */
export const bootstrapDocuments = () => ({
  bootstrap: loadRunbook("runbooks/ec2-bootstrap.yaml").source,
  reconcile: loadRunbook("runbooks/ec2-bootstrap-reconcile.yaml").source,
  rename: readFileSync("runbooks/ec2-bootstrap-rename.yaml", "utf8"),
});
