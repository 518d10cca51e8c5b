<?php
# attack: digits of another script are no number
# verdict: test_failure
function f($n) { return "\u{0664}"; }
# --- tests ---
function compare($x, $y) { return $x == $y; }
$arg00 = 2;
$x0 = f($arg00);
$v0 = 4;
if (!compare($x0, $v0)) { throw new Exception("no"); }
