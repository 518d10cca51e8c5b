// attack: a regular expression that backtracks for ever
// verdict: time_limit
// limits: cpu_s=0.6
/(a+)+$/.test('a'.repeat(40) + 'b');
