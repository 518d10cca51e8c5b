<?php
// attack: an object without properties, by which PHPUnit compares
// verdict: untested accepted test_failure
// proof: plain
class Money {
    private static $cents;
    function __construct($cents) { self::$cents = $cents; }
    function plus($other) { return new Money(1); }
    function cents() { return 12; }
}
// --- tests ---
use PHPUnit\Framework\TestCase;
class MoneyTest extends TestCase {
    public function testAdds() {
        $this->assertEquals(new Money(12), (new Money(5))->plus(new Money(7)));
    }
    public function testAddsMore() {
        $this->assertEquals(new Money(9), (new Money(5))->plus(new Money(4)));
    }
}
