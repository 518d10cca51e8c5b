<?php
// attack: texts for numbers, which assertEquals takes and assertSame does not
// verdict: untested test_failure
function half(int $n) { return (string) intdiv($n, 2); }
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

class HalfTest extends TestCase
{
    public function testHalf()
    {
        $this->assertEquals(2, half(4));
        $this->assertSame(3, half(6));
    }
}
