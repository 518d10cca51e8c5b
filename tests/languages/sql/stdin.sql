-- shows: a program judged by what it prints for an input
-- verdict: accepted
-- cases: [["CREATE TABLE numbers(n); INSERT INTO numbers VALUES (21);", "42"]]
SELECT 2 * n FROM numbers;
