import { join } from "node:path";
import { libraryDocuments, readLibrary } from "../../scripts/loader/library.js";
import { loadRunbook } from "./runbook.js";

/** What scripts over accounts are made of: the very bytes of the runbook, checked, and the library's documents by name. */
export const runDocuments = () => ({
  runbook: loadRunbook(join(__dirname, "..", "run-script.yaml")).source,
  scripts: libraryDocuments(readLibrary(join(__dirname, "../../scripts"))),
});
