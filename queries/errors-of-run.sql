-- What the hosts of a run printed as errors.
-- ? run, in quotes: '20260101t090000z-3fa94c'
SELECT
  account,
  region,
  regexp_extract("$path", '/output/[^/]+/[^/]+/[^/]+/(?:[^/]+/)?(m?i-[^/]+)/', 1) AS host,
  line
FROM output
WHERE run = ?
  AND element_at(split("$path", '/'), -1) = 'stderr'
ORDER BY account, region, host
