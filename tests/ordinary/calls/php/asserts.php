<?php
// shows: lone truths, loose equality, messages, exceptions without braces
// verdict: accepted
function isPrime(int $n): bool { for ($d = 2; $d * $d <= $n; $d++) if ($n % $d === 0) return false; return $n > 1; }
function half($n) { return $n / 2; }
function groups(array $words): array { $out = []; foreach ($words as $w) $out[strlen($w)][] = $w; return $out; }
// --- tests ---
assert(isPrime(7));
assert(!isPrime(8), 'eight');
assert(half(4) == 2);
assert(half(3) == 1.5, "one and a half");
assert(abs(half(0.2) - 0.1) < 1e-9);
assert(groups(["a", "bb", "c"]) == [1 => ["a", "c"], 2 => ["bb"]]);
assert(groups([]) === []); // nothing
if (half(8) !== 4) throw new Exception('half(8)');
if (isPrime(9) !== false) {
    throw new \RuntimeException("nine");
}
