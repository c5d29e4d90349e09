import { loadCommandDocument, loadRunbook } from "./runbook.js";

/** The documents of the bootstrap product: the very bytes of the files, all of them checked. */
export const bootstrapDocuments = () => ({
  bootstrap: loadRunbook("runbooks/ec2-bootstrap.yaml").source,
  reconcile: loadRunbook("runbooks/ec2-bootstrap-reconcile.yaml").source,
  rename: loadCommandDocument("runbooks/ec2-bootstrap-rename.yaml"),
});
