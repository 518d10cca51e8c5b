-- shows: a loop without end
-- verdict: time_limit
-- limits: cpu_s=0.5 wall_s=8
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;
