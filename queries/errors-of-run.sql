-- What the hosts of a run printed as errors.
-- ? run, in quotes: '20260101t090000z-3fa94c'
SELECT
  account,
  region,
  split("$path", '/')[9] AS host,
  line
FROM output
WHERE run = ?
  AND split("$path", '/')[12] = 'stderr'
ORDER BY account, region, host
