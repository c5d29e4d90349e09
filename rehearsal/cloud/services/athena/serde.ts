import { NotRehearsed } from "../../../kernel/errors.js";
import type { Table } from "../glue/catalog.js";
import { queryFailed } from "./sql/failure.js";
import type { Cell } from "./sql/engine.js";

/** One line of a file as the values of a table's columns; undefined: the line is no row. */
export type RowReader = (line: string) => readonly Cell[];

const REGEX = "org.apache.hadoop.hive.serde2.RegexSerDe";
const JSON_SERDES = [
  "org.openx.data.jsonserde.JsonSerDe",
  "org.apache.hive.hcatalog.data.JsonSerDe",
];

/**
 * Reads lines as a table's SerDe does. Source: Athena user guide, "Regex SerDe", "OpenX JSON SerDe" and "Hive JSON SerDe".
 * @throws NotRehearsed
 */
export function rowReader(table: Table): RowReader {
  const { SerdeInfo: serde, Columns } = table.StorageDescriptor;
  const library = serde?.SerializationLibrary ?? "";
  const parameters = serde?.Parameters ?? {};
  if (library === REGEX) return byRegex(parameters["input.regex"] ?? "", Columns.length);
  if (!JSON_SERDES.includes(library)) throw new NotRehearsed(`Athena's SerDe ${library}`);
  const ignores = parameters["ignore.malformed.json"]?.toLowerCase() === "true";
  const columns = Columns.map(({ Name, Type }) => ({ name: Name.toLowerCase(), type: Type }));
  return byJson(columns, ignores);
}

/** Lines as Hadoop's text input splits them: each of LF, CR and CRLF ends one. Source: Hadoop, `LineReader`. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The groups of Java's regular expression are the columns; what does not match is a row of NULLs. */
function byRegex(pattern: string, columns: number): RowReader {
  const [, flags = "", body = pattern] = /^\(\?([a-z]+)\)(.*)$/s.exec(pattern) ?? [];
  if (/[^is]/.test(flags)) throw new NotRehearsed(`flags (?${flags}) of the Regex SerDe`);
  const regex = new RegExp(`^(?:${body})$`, flags);
  return (line) => {
    const groups = regex.exec(line);
    return Array.from({ length: columns }, (_, index) => groups?.[index + 1] ?? null);
  };
}

function byJson(
  columns: readonly { readonly name: string; readonly type: string }[],
  ignoresMalformed: boolean,
): RowReader {
  const nothing = columns.map(() => null);
  return (line) => {
    const found = objectOf(line);
    if (found === undefined) {
      if (ignoresMalformed) return nothing;
      throw queryFailed(
        "HIVE_CURSOR_ERROR",
        `Row is not a valid JSON Object: ${line.slice(0, 80)}`,
      );
    }
    // Keys have no case.
    const values = new Map(
      Object.entries(found).map(([key, value]) => [key.toLowerCase(), value] as const),
    );
    return columns.map(({ name, type }) => cellOf(values.get(name), type));
  };
}

function objectOf(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function cellOf(value: unknown, type: string): Cell {
  if (value === undefined || value === null) return null;
  if (type === "string") return typeof value === "string" ? value : JSON.stringify(value);
  if (type === "boolean") return typeof value === "boolean" ? value : value === "true";
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}
