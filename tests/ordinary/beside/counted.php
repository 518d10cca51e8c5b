<?php
// shows: an object that is counted, walked through and indexed
// verdict: accepted
class Countdown implements IteratorAggregate, Countable, ArrayAccess {
    private array $items;
    public function __construct(int $from) { $this->items = range($from, 1); }
    public function getIterator(): Iterator { return new ArrayIterator($this->items); }
    public function count(): int { return count($this->items); }
    public function offsetExists(mixed $o): bool { return isset($this->items[$o]); }
    public function offsetGet(mixed $o): mixed { return $this->items[$o]; }
    public function offsetSet(mixed $o, mixed $v): void { $this->items[$o] = $v; }
    public function offsetUnset(mixed $o): void { unset($this->items[$o]); }
}
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;
class CountdownTest extends TestCase {
    public function testCounts() { $this->assertCount(3, new Countdown(3)); }
    public function testItems() { $this->assertSame([3, 2, 1], iterator_to_array(new Countdown(3))); }
    public function testAt() { $c = new Countdown(5); $this->assertEquals(4, $c[1]); }
}
