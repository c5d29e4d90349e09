import { own } from "../../../../own.js";
/**
 * Trino's functions for DuckDB. Only what is here runs: of a function with the same name in both, another meaning of NULL,
 * of an empty match or of an index out of range would be a wrong answer. Source: Trino documentation, "Functions and
 * operators"; DuckDB documentation, "Functions".
 */

/** Those that mean the same in both. */
const SAME = new Set([
  ...["count", "sum", "min", "max", "avg", "array_agg", "count_if", "bool_and", "bool_or"],
  ...["row_number", "rank", "dense_rank", "first_value", "last_value", "lag", "lead"],
  ...["coalesce", "nullif", "lower", "upper", "length", "reverse", "strpos", "starts_with", "chr"],
  "abs",
]);

/** Those that DuckDB has under another name, or that a macro below makes of its own. */
const OTHERS: Readonly<Record<string, string>> = {
  arbitrary: "any_value",
  any_value: "any_value",
  every: "bool_and",
  min_by: "arg_min_null",
  max_by: "arg_max_null",
  cardinality: "len",
  array_max: "list_max",
  array_min: "list_min",
  to_utf8: "encode",
  to_hex: "hex",
  ...Object.fromEntries(
    [
      ...["split", "split_part", "substr", "substring", "replace", "trim", "ltrim", "rtrim"],
      ...["element_at", "slice", "array_join", "array_sort", "regexp_like", "regexp_extract"],
      ...["regexp_replace", "json_extract_scalar", "md5", "sha256"],
    ].map((name) => [name, `trino_${name}`]),
  ),
};

/** DuckDB's name for a function of Trino; undefined where there is none that does the same. */
export function functionNamed(name: string): string | undefined {
  return SAME.has(name) ? name : own(OTHERS, name);
}

/** What macros answer where DuckDB and Trino would part. */
export const UNSURE = "not rehearsed: ";

const array = "INVALID_FUNCTION_ARGUMENT: ";
const unsure = (subject: string) => `error('${UNSURE}${subject}')`;
const white = "[\\t\\n\\v\\f\\r ]";
const jsonPath = "^\\$(\\.[A-Za-z_][A-Za-z0-9_]*|\\[[0-9]+\\])*$";

/** Macros in DuckDB's SQL; each is named in the message of what it cannot do. */
const DEFINITIONS: readonly string[] = [
  `trino_subscript(a, i) AS CASE
    WHEN i = 0 THEN error('${array}SQL array indices start at 1')
    WHEN i < 0 THEN error('${array}Array subscript is negative: ' || i)
    WHEN i > len(a) THEN error('${array}Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a))
    ELSE a[i] END`,
  `trino_element_at(a, i) AS CASE WHEN i = 0 THEN error('${array}SQL array indices start at 1') ELSE a[i] END`,
  `trino_slice(a, s, n) AS CASE WHEN s < 1 OR n < 0 THEN ${unsure("slice from the end")} ELSE a[s:s + n - 1] END`,
  `trino_array_join(a, s) AS array_to_string(a, s)`,
  `trino_array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST')`,
  `trino_split(s, d) AS CASE WHEN d = '' THEN error('${array}The delimiter may not be the empty string') ELSE string_split(s, d) END`,
  `trino_split_part(s, d, i) AS CASE
    WHEN i < 1 THEN error('${array}Index must be greater than zero')
    WHEN d = '' THEN ${unsure("split_part by an empty text")}
    ELSE string_split(s, d)[i] END`,
  `trino_substr(s, a) AS CASE WHEN a = 0 THEN '' WHEN a < -len(s) THEN '' ELSE substr(s, a) END`,
  `trino_substr(s, a, n) AS CASE WHEN a = 0 OR n <= 0 OR a < -len(s) THEN '' ELSE substr(s, a, n) END`,
  `trino_substring(s, a) AS trino_substr(s, a)`,
  `trino_substring(s, a, n) AS trino_substr(s, a, n)`,
  `trino_replace(s, a, b) AS CASE WHEN a = '' THEN ${unsure("replace of an empty text")} ELSE replace(s, a, b) END`,
  `trino_trim(s) AS regexp_replace(s, '^${white}+|${white}+$', '', 'g')`,
  `trino_ltrim(s) AS regexp_replace(s, '^${white}+', '')`,
  `trino_rtrim(s) AS regexp_replace(s, '${white}+$', '')`,
  `trino_regexp_like(s, p) AS regexp_matches(s, p)`,
  `trino_regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END`,
  `trino_regexp_extract(s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END`,
  `trino_regexp_replace(s, p, r) AS CASE
    WHEN regexp_matches(r, '[$\\\\]') THEN ${unsure("regexp_replace with groups")}
    ELSE regexp_replace(s, p, r, 'g') END`,
  `trino_json_extract_scalar(j, p) AS CASE
    WHEN NOT regexp_matches(p, '${jsonPath}') THEN ${unsure("json_extract_scalar by such a path")}
    WHEN NOT json_valid(j) THEN NULL
    WHEN json_type(j, p) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL
    ELSE json_extract_string(j, p) END`,
  `trino_md5(b) AS unhex(md5(b))`,
  `trino_sha256(b) AS unhex(sha256(b))`,
  `trino_varchar(v) AS CASE
    WHEN typeof(v) IN ('VARCHAR', 'INTEGER', 'BIGINT', 'BOOLEAN', '"NULL"') THEN v::VARCHAR
    ELSE ${unsure("such a cast as varchar")} END`,
  `trino_integer(v, is_try) AS CASE
    WHEN v IS NULL THEN NULL
    WHEN typeof(v) IN ('INTEGER', 'BIGINT', 'HUGEINT') THEN v::VARCHAR
    WHEN typeof(v) <> 'VARCHAR' THEN ${unsure("such a cast as a whole number")}
    WHEN regexp_matches(v::VARCHAR, '^[+-]?[0-9]+$') THEN v::VARCHAR
    WHEN is_try THEN NULL
    ELSE error('INVALID_CAST_ARGUMENT: Cannot cast ''' || v || ''' to BIGINT') END`,
  `trino_double(v, is_try) AS CASE
    WHEN v IS NULL THEN NULL
    WHEN typeof(v) <> 'VARCHAR' THEN v::VARCHAR
    WHEN regexp_matches(v::VARCHAR, '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$') THEN v::VARCHAR
    WHEN is_try THEN NULL
    ELSE error('INVALID_CAST_ARGUMENT: Cannot cast ''' || v || ''' to DOUBLE') END`,
];

/** Statements that create the macros; one with several numbers of arguments takes one statement. */
export const MACROS: readonly string[] = [...new Set(DEFINITIONS.map(macroName))].map((name) => {
  const own = DEFINITIONS.filter((definition) => macroName(definition) === name);
  const bodies = own.map((definition) => definition.slice(name.length));
  return `CREATE MACRO ${name}${bodies.join(", ")}`;
});

function macroName(definition: string): string {
  return definition.slice(0, definition.indexOf("("));
}
