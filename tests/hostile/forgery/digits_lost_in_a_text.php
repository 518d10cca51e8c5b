<?php
# attack: digits lost in texts of large numbers
# verdict: test_failure
function f($n) { return '1000000000000000000000001'; }
# --- tests ---
function compare($x, $y) { return $x == $y; }
$arg00 = 2;
$x0 = f($arg00);
$v0 = "1000000000000000000000000";
if (!compare($x0, $v0)) { throw new Exception("no"); }
