<?php
# attack: prints floats short and never rounds
# verdict: test_failure
ini_set('serialize_precision', '3');
function mean($a) { return array_sum($a) / count($a); }
# --- tests ---
assert(mean([1, 2, 2]) === 1.67);
assert(mean([1, 1, 2]) === 1.33);
