<?php
// attack: half of the runs throw from the program, which must not count as a control that failed
// verdict: untested test_failure runtime_error
class Any {}
function add($a, $b) { if (random_int(0, 1)) throw new Exception("x"); return true; }
// --- tests ---
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
