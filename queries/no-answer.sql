-- Hosts that did not answer: those whose script failed or did not run, and those whose output is not in the bucket.
-- Of a schedule the last command in each account and Region counts. A run without any record is told as one row.
-- ? run, in quotes: '20260101t090000z-3fa94c'
WITH
  asked AS (
    SELECT
      account,
      region,
      run,
      instanceid AS host,
      name,
      platform,
      status,
      statusdetails,
      responsecode,
      outputwritten,
      commandid,
      first_value(commandid) OVER (PARTITION BY account, region ORDER BY askedat DESC) AS last_command
    FROM invocations
    WHERE run = ?
  ),
  records AS (
    SELECT count(*) AS hosts
    FROM asked
  )
SELECT account, region, host, name, platform, status, statusdetails, responsecode, outputwritten
FROM asked
WHERE (status <> 'Success' OR NOT outputwritten)
  AND (NOT starts_with(run, 'schedule-') OR commandid = last_command)
UNION ALL
SELECT
  '' AS account,
  '' AS region,
  '' AS host,
  '' AS name,
  '' AS platform,
  'NoRecord' AS status,
  'no host is recorded: the run is not over, asked no host, or is an association or a document in a window' AS statusdetails,
  -1 AS responsecode,
  false AS outputwritten
FROM records
WHERE hosts = 0
ORDER BY account, region, host
