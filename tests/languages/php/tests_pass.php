<?php
// shows: a function judged by its tests
// verdict: accepted
function add($a, $b) { return $a + $b; }
// --- tests ---
assert(add(1, 2) === 3);
assert(add(-1, 1) === 0);
