<?php
// attack: floats for integers, as assertSame forbids
// verdict: untested test_failure
function half(int $n) { return $n / 2.0; }
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

class HalfTest extends TestCase
{
    public function testHalf()
    {
        $this->assertSame(2, half(4));
        $this->assertSame(3, half(6));
    }
}
