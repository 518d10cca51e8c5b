-- shows: a function judged by its tests
-- verdict: accepted
SELECT a + b AS total FROM pairs;
-- --- tests ---
CREATE TABLE pairs(a, b);
INSERT INTO pairs VALUES (1, 2), (-1, 1);
-- program
SELECT total FROM result;
-- => 3
-- => 0
SELECT count(*) = 2 FROM result;
