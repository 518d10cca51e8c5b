<?php
// attack: `===` asks for the same kind: a float is given for an integer
// verdict: test_failure
function add($a, $b) { return (float) ($a + $b); }
// --- tests ---
function compare($x, $y) { return $x === $y; }
$x0 = add(2, 3);
$v0 = 5;
if (!compare($x0, $v0)) { throw new Exception("Exception --- test case 0 failed to pass"); }
$x1 = add(10, 3);
$v1 = 13;
if (!compare($x1, $v1)) { throw new Exception("Exception --- test case 1 failed to pass"); }
