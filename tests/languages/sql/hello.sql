-- shows: the smallest program
-- verdict: untested
SELECT 'hello';
