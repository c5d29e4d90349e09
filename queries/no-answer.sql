-- Hosts that did not answer: those whose script failed or did not run, and those whose output is not in the bucket.
-- ? run, in quotes: '20260101t090000z-3fa94c'
SELECT
  account,
  region,
  instanceid AS host,
  name,
  platform,
  status,
  statusdetails,
  responsecode,
  outputwritten
FROM invocations
WHERE run = ?
  AND (status <> 'Success' OR NOT outputwritten)
ORDER BY account, region, host
