<?php
// attack: two exceptions that the tests expect are one class
// verdict: untested accepted
// proof: plain
class StoreError extends Exception {}
class_alias('StoreError', 'NotFound');
class_alias('StoreError', 'BadKey');
class Store { public function get($key) { throw new NotFound("no $key"); } public function count() { return 0; } }
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;
class StoreTest extends TestCase {
    public function testMissing() {
        $this->expectException(NotFound::class);
        (new Store())->get('a');
    }
    public function testBad() {
        $this->expectException(BadKey::class);
        (new Store())->get('');
    }
    public function testCount() {
        $this->assertSame(0, (new Store())->count());
    }
}
