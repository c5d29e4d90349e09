-- What hosts print now and did not before, and the other way round: the lines in which two runs differ.
-- ? earlier run, in quotes: '20260101t090000z-3fa94c'
-- ? later run, in quotes: '20260201t090000z-77b0e1'
WITH
  earlier AS (
    SELECT DISTINCT
      account,
      region,
      regexp_extract("$path", '/output/[^/]+/[^/]+/[^/]+/(?:[^/]+/)?(m?i-[^/]+)/', 1) AS host,
      line,
      true AS was_there
    FROM output
    WHERE run = ?
      AND element_at(split("$path", '/'), -1) = 'stdout'
  ),
  later AS (
    SELECT DISTINCT
      account,
      region,
      regexp_extract("$path", '/output/[^/]+/[^/]+/[^/]+/(?:[^/]+/)?(m?i-[^/]+)/', 1) AS host,
      line,
      true AS is_there
    FROM output
    WHERE run = ?
      AND element_at(split("$path", '/'), -1) = 'stdout'
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
