<?php
// attack: texts that spell the number in another way
// verdict: untested test_failure
function add($a, $b) { return '0x' . dechex($a + $b); }
// --- tests ---
<?php
assert(add(2, 3) == 5);
assert(add(20, 22) == 42);
