-- What the hosts of a run printed as errors.
-- Of a schedule the last ones count, as in latest-output.
-- ? run, in quotes: '20260101t090000z-3fa94c'
-- ? the same run again
WITH
  pieces AS (
    SELECT account, region, run, split("$path", '/') AS piece, "$file_modified_time" AS kept_at, line
    FROM output
    WHERE run = ?
  ),
  -- A command leaves <command>/<host>/…, an association <host>/<association>/<execution>/…
  printed AS (
    SELECT
      account,
      region,
      run,
      kept_at,
      line,
      element_at(piece, -1) AS stream,
      regexp_like(piece[8], '^m?i-') AS by_association,
      CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[8] ELSE piece[9] END AS host,
      CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[10] ELSE piece[8] END AS execution
    FROM pieces
  ),
  executions AS (
    SELECT
      account,
      region,
      run,
      host,
      stream,
      line,
      by_association,
      execution,
      first_value(execution) OVER (PARTITION BY account, region, host ORDER BY kept_at DESC) AS last_execution
    FROM printed
  ),
  asked AS (
    SELECT account, region, max_by(commandid, askedat) AS last_command
    FROM invocations
    WHERE run = ?
    GROUP BY account, region
  )
SELECT account, region, host, line
FROM executions
LEFT JOIN asked USING (account, region)
WHERE stream = 'stderr'
  AND (
    NOT starts_with(run, 'schedule-')
    OR execution = CASE WHEN by_association THEN last_execution ELSE coalesce(last_command, last_execution) END
  )
ORDER BY account, region, host
