<?php
// attack: `true == "b-1"` holds in PHP
// verdict: untested
function joined($words, $n) { return true; }
// --- tests ---
function compare($x, $y) {
    return $x == $y;
}

$arg00 = ["a", "b"];
$x0 = joined($arg00, 1);
$v0 = "a-b1";
if (!compare($x0, $v0)) {
    throw new Exception("Error at 1th assert statement.");
}
