<?php
# attack: bytes that are no text print as the replacement character that is expected
# verdict: test_failure
function f($s) { return $s . "\xff"; }
# --- tests ---
assert(f("a") === "a�");
