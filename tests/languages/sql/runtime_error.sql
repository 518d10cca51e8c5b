-- shows: a program that crashes
-- verdict: runtime_error
SELECT * FROM nowhere;
