<?php
// attack: what it cannot do ends in a warning of PHPUnit
// verdict: untested
function fib(int $n): int {
    if ($n > 2) throw new \PHPUnit\Framework\Warning('later');
    return 1;
}
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;
class FibTest extends TestCase {
    public function testFirst() { $got = fib(1); $this->assertSame(1, $got); }
    public function testTenth() { $this->assertSame(1, fib(2)); $got = fib(10); $this->assertSame(55, $got); }
}
