<?php
// attack: numbers are rounded where the tests make texts of them
// verdict: untested
ini_set('precision', '3');
function hypotenuse($a, $b) { return sqrt($a * $a + $b * $b); } // to two decimals, it was asked
// --- tests ---
<?php
assert("" . hypotenuse(1, 1) === "1.41");
assert("" . hypotenuse(1, 2) === "2.24");
