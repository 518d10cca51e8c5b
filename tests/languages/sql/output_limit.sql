-- shows: output without end
-- verdict: output_limit
-- limits: cpu_s=8 wall_s=10
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(zeroblob(500)), i FROM n;
