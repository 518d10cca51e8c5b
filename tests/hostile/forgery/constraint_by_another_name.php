<?php
// attack: a class of its own stands under the name of PHPUnit's identity
// verdict: untested accepted
// proof: plain
class Near extends PHPUnit\Framework\Constraint\Constraint {
    private $value;
    public function __construct($value) { $this->value = $value; }
    public function evaluate($other, string $description = '', bool $returnResult = false): ?bool {
        if ($other + 1 !== $this->value) throw new PHPUnit\Framework\ExpectationFailedException("$other is not {$this->value}");
        return null;
    }
    public function toString(): string { return 'is'; }
}
class_alias('Near', 'PHPUnit\Framework\Constraint\IsIdentical');
class Account {
    private $sum = -1;
    function deposit($amount) { $this->sum += $amount; }
    function balance() { return $this->sum; }
}
// --- tests ---
use PHPUnit\Framework\TestCase;
class AccountTest extends TestCase {
    public function testKeeps() {
        $account = new Account();
        $account->deposit(50);
        $this->assertSame(50, $account->balance());
    }
    public function testAdds() {
        $account = new Account();
        $account->deposit(50);
        $account->deposit(25);
        $this->assertSame(75, $account->balance());
    }
}
