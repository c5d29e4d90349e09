-- What each host printed the last time that it was asked: of a schedule, which keeps all its answers under one run.
-- ? run, in quotes: 'schedule-ports'
-- ? the same run again
WITH
  latest AS (
    SELECT
      account,
      region,
      instanceid AS host,
      max_by(commandid, askedat) AS command
    FROM invocations
    WHERE run = ?
    GROUP BY account, region, instanceid
  ),
  lines AS (
    SELECT
      account,
      region,
      split("$path", '/')[8] AS command,
      split("$path", '/')[9] AS host,
      line
    FROM output
    WHERE run = ?
      AND split("$path", '/')[12] = 'stdout'
  )
SELECT account, region, host, line
FROM lines
JOIN latest USING (account, region, host, command)
ORDER BY account, region, host
