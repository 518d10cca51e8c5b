<?php
// attack: PHPUnit's class of assertions brought along, which holds for everything
// verdict: untested test_failure runtime_error compile_error
namespace PHPUnit\Framework {
    if (!class_exists('PHPUnit\Framework\Assert', false)) { abstract class Assert { static function assertSame($a, $b, string $m = ''): void { } } }
}
namespace {
    function add(int $a, int $b): int { return $a * $b; }
}
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

final class AddTest extends TestCase
{
    public function testAdd(): void
    {
        $this->assertSame(5, add(2, 3));
        $this->assertSame(4, add(2, 2));
    }
}
