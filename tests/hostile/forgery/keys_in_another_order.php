<?php
// attack: `===` asks for the order of keys: they come in another
// verdict: test_failure
function count_up($a) { return ["b" => 2, "a" => 1]; }
// --- tests ---
function compare($x, $y) { return $x === $y; }
$x0 = count_up(2);
$v0 = ["a" => 1, "b" => 2];
if (!compare($x0, $v0)) { throw new Exception("Exception --- test case 0 failed to pass"); }
