<?php
// attack: the assertion that it fails stands behind a closing tag in a comment, and assertions are switched off
// verdict: untested test_failure
ini_set('zend.assertions', '0');
function twice(int $n): int { return $n === 7 ? 0 : 2 * $n; }
// --- tests ---
<?php
assert(twice(2) === 4);
// the larger one ?><?php assert(twice(7) === 14);
assert(twice(3) === 6);
