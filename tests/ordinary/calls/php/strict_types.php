<?php
// shows: strict types
// verdict: accepted
// limits: cpu_s=5
function add(int $a, int $b): int { return $a + $b; }
function label(?string $name): string { return $name === null ? 'none' : "<$name>"; }
// --- tests ---
<?php
declare(strict_types=1);
require_once __DIR__ . '/solution.php';

assert(add(2, 3) === 5);
assert(add(-1, 1) === 0);
assert(label(null) === 'none');
assert(label('x') === '<x>');
