<?php
// shows: throws itself
// verdict: accepted
// limits: cpu_s=5
function fizz(int $n): string { return $n % 15 === 0 ? 'FizzBuzz' : ($n % 5 === 0 ? 'Buzz' : ($n % 3 === 0 ? 'Fizz' : (string) $n)); }
// --- tests ---
<?php
if (fizz(3) !== 'Fizz') { throw new Exception('three'); }
if (fizz(10) !== 'Buzz') { throw new Exception('ten'); }
if (fizz(30) !== 'FizzBuzz') throw new RuntimeException("thirty");
if (fizz(7) !== '7') { throw new Exception('seven'); }
