-- Everything that the hosts of a run printed, line by line.
-- Athena keeps no order of lines: those of one host and stream stand together, and may be shuffled.
-- ? run, in quotes: '20260101t090000z-3fa94c'
SELECT
  account,
  region,
  regexp_extract("$path", '/output/[^/]+/[^/]+/[^/]+/(?:[^/]+/)?(m?i-[^/]+)/', 1) AS host,
  element_at(split("$path", '/'), -1) AS stream,
  line
FROM output
WHERE run = ?
ORDER BY account, region, host, stream
