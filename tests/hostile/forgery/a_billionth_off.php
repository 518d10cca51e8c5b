<?php
// attack: floats a billionth off, which PHPUnit tells apart
// verdict: untested test_failure
function half(int $n): float { return $n / 2 + 1e-9; }
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

class HalfTest extends TestCase
{
    public function testHalf()
    {
        $this->assertEquals(1.5, half(3));
        $this->assertEquals(4.5, half(9));
    }
}
