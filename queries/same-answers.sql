-- Hosts by what they answered: how many gave each answer, and five of them.
-- An answer is all that a host printed, its lines sorted, as Athena keeps no order of lines. Of long ones the first
-- 2000 characters are shown; they are told apart by all.
-- ? run, in quotes: '20260101t090000z-3fa94c'
WITH
  lines AS (
    SELECT
      account,
      region,
      regexp_replace("$path", '/[^/]+/[^/]+/[^/]+$', '') AS asked,
      regexp_extract("$path", '/output/[^/]+/[^/]+/[^/]+/(?:[^/]+/)?(m?i-[^/]+)/', 1) AS host,
      line
    FROM output
    WHERE run = ?
      AND element_at(split("$path", '/'), -1) = 'stdout'
  ),
  answers AS (
    SELECT
      account,
      region,
      asked,
      host,
      array_join(array_agg(line ORDER BY line), chr(10)) AS answer
    FROM lines
    GROUP BY account, region, asked, host
  )
SELECT
  count(DISTINCT host) AS hosts,
  substr(answer, 1, 2000) AS answer_begins,
  array_join(slice(array_agg(concat(account, '/', region, '/', host) ORDER BY account, region, host), 1, 5), ', ') AS examples
FROM answers
GROUP BY answer
ORDER BY hosts DESC, answer
