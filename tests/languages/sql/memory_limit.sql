-- shows: memory taken without end
-- verdict: memory_limit
-- limits: cpu_s=8 wall_s=10
SELECT length(group_concat(hex(randomblob(1000000)))) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 600) SELECT i FROM n);
