<?php
// shows: arrays
// verdict: accepted
// limits: cpu_s=5
function tally(array $words): array {
    $out = [];
    foreach ($words as $w) $out[$w] = ($out[$w] ?? 0) + 1;
    return $out;
}
// --- tests ---
assert(tally(['a', 'b', 'a']) === ['a' => 2, 'b' => 1]);
assert(tally([]) === []);
assert(tally(['x']) == ['x' => 1], 'one word');
