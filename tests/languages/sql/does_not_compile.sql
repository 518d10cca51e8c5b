-- shows: a source that is no program
-- verdict: parse_error
SELECT FROM WHERE;
