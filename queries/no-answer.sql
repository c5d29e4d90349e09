-- Hosts that did not answer: those whose script failed or did not run, and those whose output is not in the bucket.
-- A schedule asks again and again under one run: the last time counts.
-- ? run, in quotes: '20260101t090000z-3fa94c'
WITH
  asked AS (
    SELECT
      account,
      region,
      instanceid AS host,
      name,
      platform,
      status,
      statusdetails,
      responsecode,
      outputwritten,
      row_number() OVER (PARTITION BY account, region, instanceid ORDER BY askedat DESC) AS nth
    FROM invocations
    WHERE run = ?
  )
SELECT account, region, host, name, platform, status, statusdetails, responsecode, outputwritten
FROM asked
WHERE nth = 1
  AND (status <> 'Success' OR NOT outputwritten)
ORDER BY account, region, host
