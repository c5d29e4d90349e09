-- Hosts by what they answered: how many gave each answer, and five of them.
-- An answer is all that a host printed, its lines sorted, as Athena keeps no order of lines. Of long ones the first
-- 2000 characters are shown; they are told apart by all. Of a schedule the last answers count, as in latest-output.
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
  ),
  answers AS (
    SELECT
      account,
      region,
      execution,
      host,
      array_join(array_agg(line ORDER BY line), chr(10)) AS answer
    FROM executions
    LEFT JOIN asked USING (account, region)
    WHERE stream = 'stdout'
      AND (
        NOT starts_with(run, 'schedule-')
        OR execution = CASE WHEN by_association THEN last_execution ELSE coalesce(last_command, last_execution) END
      )
    GROUP BY account, region, execution, host
  )
SELECT
  count(DISTINCT host) AS hosts,
  substr(answer, 1, 2000) AS answer_begins,
  array_join(slice(array_sort(array_agg(DISTINCT concat(account, '/', region, '/', host))), 1, 5), ', ') AS examples
FROM answers
GROUP BY answer
ORDER BY hosts DESC, answer
