<?php
// shows: phpunit of all kinds
// verdict: accepted
// limits: cpu_s=5
function average(array $numbers): float { return array_sum($numbers) / count($numbers); }
function first(array $items) { return $items[0] ?? null; }
function isEven(int $n): bool { return $n % 2 === 0; }
function wordCounts(string $text): array { return array_count_values(explode(' ', $text)); }
// --- tests ---
<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/solution.php';

final class ToolsTest extends TestCase
{
    public function testAverage(): void
    {
        $this->assertEquals(0.3, average([0.1, 0.2, 0.6]));
        $this->assertEquals(2, average([1, 3]));
        $this->assertEqualsWithDelta(0.33, average([0, 0, 1]), 0.01);
    }

    public function testFirst(): void
    {
        $this->assertNull(first([]));
        self::assertSame('a', first(['a', 'b']));
    }

    public function testEven(): void
    {
        $this->assertTrue(isEven(4));
        $this->assertFalse(isEven(5), 'five is odd');
    }

    public function testWords(): void
    {
        $this->assertEquals(['b' => 1, 'a' => 2], wordCounts('a b a'));
        $this->assertSame(['a' => 2, 'b' => 1], wordCounts('a b a'));
    }
}
