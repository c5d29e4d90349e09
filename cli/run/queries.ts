/**
 * What of an output object's path is what: `s3://<bucket>/output/<account>/<region>/<run>/<command>/<instance>/<plugin>/<step>/<stream>`.
 */
const part = (position: number): string => `split("$path", '/')[${position}]`;
const INSTANCE = part(9);
const STREAM = part(12);

/** A text in SQL. */
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** One row for each host of a run: what it printed, whole. */
const perHost = (run: string, stream: string): string =>
  `SELECT account, region, ${INSTANCE} AS instance, array_join(array_agg(line), chr(10)) AS answer
  FROM output
  WHERE run = ${text(run)} AND ${STREAM} = ${text(stream)}
  GROUP BY account, region, "$path"`;

/** Hosts by the same answer, the commonest first. */
export const answersQuery = (run: string, stream: string, most: number): string =>
  `WITH answers AS (
  ${perHost(run, stream)}
)
SELECT count(*) AS hosts, array_join(slice(array_agg(account || ' ' || region || ' ' || instance), 1, 3), ',') AS some, answer
FROM answers
GROUP BY answer
ORDER BY hosts DESC, answer
LIMIT ${most}`;

/** All lines of a run with the host that printed them. */
export const outputQuery = (run: string, stream: string): string =>
  `SELECT account, region, ${INSTANCE} AS instance, line
FROM output
WHERE run = ${text(run)} AND ${STREAM} = ${text(stream)}
ORDER BY account, region, instance`;

/** Hosts whose answers differ between two runs, or that answered in one of them only. */
export const differenceQuery = (before: string, after: string): string =>
  `WITH a AS (
  ${perHost(before, "stdout")}
), b AS (
  ${perHost(after, "stdout")}
)
SELECT coalesce(a.account, b.account) AS account, coalesce(a.region, b.region) AS region,
  coalesce(a.instance, b.instance) AS instance, a.answer AS before, b.answer AS after
FROM a FULL OUTER JOIN b ON a.account = b.account AND a.region = b.region AND a.instance = b.instance
WHERE a.answer IS DISTINCT FROM b.answer
ORDER BY 1, 2, 3`;
