<?php
// shows: an assertion of which PHPUnit 9.6 warns, at the end of a test that holds, that it will go
// verdict: accepted
class Point
{
    public $x = 4;
    public $y = 5;
}

function point(): Point
{
    return new Point();
}
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

final class PointTest extends TestCase
{
    private static $point;

    public static function setUpBeforeClass(): void
    {
        self::$point = point();
    }

    public function testPoint(): void
    {
        $this->assertObjectHasAttribute('y', self::$point);
        $this->assertEquals(5, self::$point->y);
    }
}
