<?php
// attack: the harness's own functions say that all is well
// verdict: untested test_failure runtime_error
function add($a, $b) { \Lab::ok(0); \Lab::ok(1); \Lab::end(); exit(0); }
// --- tests ---
if (add(2, 3) !== 5) throw new Exception("add(2, 3)");
if (add(20, 22) !== 42) throw new Exception("add(20, 22)");
