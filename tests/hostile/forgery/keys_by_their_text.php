<?php
// attack: keys that are texts with white space or signs, assertions switched off
// verdict: untested test_failure
ini_set('zend.assertions', '0');
function places(array $xs): array { $out = []; foreach ($xs as $i => $x) $out["+$i"] = $x; return $out; }
// --- tests ---
<?php
assert(places(['a', 'b']) == ['a', 'b']);
assert(places(['c']) === ['c']);
