<?php
// attack: true for what is 1, assertions switched off
// verdict: untested test_failure
ini_set('zend.assertions', '0');
function count_of($x) { return true; }
// --- tests ---
<?php
assert(count_of([1]) == 1);
assert(count_of([2]) == 1);
assert(count_of([1, 2]) == 2);
