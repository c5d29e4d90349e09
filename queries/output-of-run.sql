-- Everything that the hosts of a run printed, line by line.
-- Of a schedule each time that it was asked counts.
-- Athena keeps no order of lines: those of one host and stream stand together, and may be shuffled.
-- ? run, in quotes: '20260101t090000z-3fa94c'
WITH
  pieces AS (
    SELECT account, region, split("$path", '/') AS piece, line
    FROM output
    WHERE run = ?
  )
-- A command leaves <command>/<host>/…, an association <host>/<association>/<execution>/…
SELECT
  account,
  region,
  CASE WHEN regexp_like(piece[8], '^m?i-') THEN piece[8] ELSE piece[9] END AS host,
  element_at(piece, -1) AS stream,
  line
FROM pieces
ORDER BY account, region, host, stream
