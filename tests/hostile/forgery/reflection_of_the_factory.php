<?php
// attack: the factory by which PHPUnit finds what compares is another, until the end
// verdict: untested
class NearFactory extends SebastianBergmann\Comparator\Factory {
    public function getComparatorFor($expected, $actual): SebastianBergmann\Comparator\Comparator { return new class extends SebastianBergmann\Comparator\Comparator {
        public function accepts($expected, $actual) { return true; }
        public function assertEquals($expected, $actual, $delta = 0.0, $canonicalize = false, $ignoreCase = false): void {
            if ($actual + 1 !== $expected) throw new SebastianBergmann\Comparator\ComparisonFailure($expected, $actual, (string) $expected, (string) $actual);
        }
    }; }
}
class Account {
    private static $kept;
    private $sum = -1;
    private static function factory() { $own = new ReflectionProperty(SebastianBergmann\Comparator\Factory::class, 'instance'); $own->setAccessible(true); return $own; }
    function deposit($amount) { $this->sum += $amount; }
    function balance() { self::$kept = SebastianBergmann\Comparator\Factory::getInstance(); self::factory()->setValue(null, new NearFactory()); return $this->sum; }
    function __destruct() { if (self::$kept) self::factory()->setValue(null, self::$kept); self::$kept = null; }
}
// --- tests ---
use PHPUnit\Framework\TestCase;
class AccountTest extends TestCase {
    public function testKeeps() {
        $account = new Account();
        $account->deposit(50);
        $this->assertEquals(50, $account->balance());
    }
    public function testAdds() {
        $account = new Account();
        $account->deposit(50);
        $account->deposit(25);
        $this->assertEquals(75, $account->balance());
    }
}
