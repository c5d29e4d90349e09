import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../lib/user-error.js";

/** A query that people find in Athena by its name. */
export interface NamedQuery {
  /** The file's name without its ending. */
  readonly name: string;
  /** Its first line. */
  readonly description: string;
  /** What stands for each `?`, in their order. */
  readonly parameters: readonly string[];
  /** The file as it is. */
  readonly sql: string;
}

const folder = path.join(__dirname, "..");

/** A file of queries/ that is not written as they are to be. */
export class QueryFileError extends UserError {}

/** The queries of `queries/`, by the names of their files. Throws a QueryFileError. */
export const readNamedQueries = (): NamedQuery[] =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => namedQuery(file, fs.readFileSync(path.join(folder, file), "utf8")));

/** Reads the header of a query. Throws a QueryFileError. */
export function namedQuery(file: string, sql: string): NamedQuery {
  const comments = sql
    .split("\n")
    .filter((line) => line.startsWith("--"))
    .map((line) => line.slice(2).trim());
  const [description = ""] = comments;
  const parameters = comments.flatMap((line) => (line.startsWith("? ") ? [line.slice(2)] : []));
  const marks = questionMarks(sql);
  if (description === "" || description.startsWith("?")) {
    throw new QueryFileError(
      `queries/${file}: expected a first line "-- what it is for", got "${sql.split("\n")[0] ?? ""}"`,
    );
  }
  if (marks !== parameters.length) {
    throw new QueryFileError(
      `queries/${file}: expected a line "-- ? what it is" for each of ${marks} question marks, got ${parameters.length}`,
    );
  }
  return { name: file.replace(/\.sql$/, ""), description, parameters, sql };
}

/** How many values a query wants: question marks in comments, texts and names are none. */
export const questionMarks = (sql: string): number =>
  sql.replace(/--.*|'[^']*'|"[^"]*"/g, "").match(/\?/g)?.length ?? 0;
