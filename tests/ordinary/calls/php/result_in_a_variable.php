<?php
// shows: result in a variable
// verdict: accepted
// limits: cpu_s=5
function doubled(array $numbers): array { return array_map(fn($n) => 2 * $n, $numbers); }
// --- tests ---
<?php
$result = doubled([1, 2]);
assert($result === [2, 4]);
$none = doubled([]);
assert($none === [], 'nothing');
echo "All tests passed\n";
