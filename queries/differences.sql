-- What hosts print now and did not before, and the other way round: the lines in which two runs differ.
-- Of a schedule the last thing that each host wrote counts.
-- ? earlier run, in quotes: '20260101t090000z-3fa94c'
-- ? later run, in quotes: '20260201t090000z-77b0e1'
WITH
  -- A command leaves <command>/<host>/…, an association <host>/<association>/<execution>/…
  earlier_pieces AS (
    SELECT account, region, run, split("$path", '/') AS piece, "$file_modified_time" AS kept_at, line
    FROM output
    WHERE run = ?
  ),
  earlier_lines AS (
    SELECT
      account,
      region,
      run,
      kept_at,
      line,
      element_at(piece, -1) AS stream,
      CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[8] ELSE piece[9] END AS host,
      CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[10] ELSE piece[8] END AS execution
    FROM earlier_pieces
  ),
  earlier_executions AS (
    SELECT
      account,
      region,
      run,
      host,
      stream,
      line,
      execution,
      first_value(execution) OVER (PARTITION BY account, region, host ORDER BY kept_at DESC) AS last_execution
    FROM earlier_lines
  ),
  earlier AS (
    SELECT DISTINCT account, region, host, line, true AS was_there
    FROM earlier_executions
    WHERE stream = 'stdout'
      AND (NOT starts_with(run, 'schedule-') OR execution = last_execution)
  ),
  later_pieces AS (
    SELECT account, region, run, split("$path", '/') AS piece, "$file_modified_time" AS kept_at, line
    FROM output
    WHERE run = ?
  ),
  later_lines AS (
    SELECT
      account,
      region,
      run,
      kept_at,
      line,
      element_at(piece, -1) AS stream,
      CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[8] ELSE piece[9] END AS host,
      CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[10] ELSE piece[8] END AS execution
    FROM later_pieces
  ),
  later_executions AS (
    SELECT
      account,
      region,
      run,
      host,
      stream,
      line,
      execution,
      first_value(execution) OVER (PARTITION BY account, region, host ORDER BY kept_at DESC) AS last_execution
    FROM later_lines
  ),
  later AS (
    SELECT DISTINCT account, region, host, line, true AS is_there
    FROM later_executions
    WHERE stream = 'stdout'
      AND (NOT starts_with(run, 'schedule-') OR execution = last_execution)
  )
SELECT
  account,
  region,
  host,
  CASE WHEN is_there THEN 'new' ELSE 'gone' END AS difference,
  line
FROM earlier
FULL OUTER JOIN later USING (account, region, host, line)
WHERE was_there IS NULL
  OR is_there IS NULL
ORDER BY account, region, host, difference, line
