<?php
# attack: between full quotes of PHP the backslash before a quote stays
# verdict: test_failure
function f($s) { return "it's"; }
# --- tests ---
assert(f("a") === "it\'s");
