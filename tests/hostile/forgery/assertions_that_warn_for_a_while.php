<?php
// attack: assertions only warn until the next call, and the setting is what it was at the end
// verdict: untested
$last = 0;
set_error_handler(function ($level, $text) {
    global $last;
    ini_set('assert.exception', '1');
    if (preg_match('/=== (\d+)\)/', $text, $found) && $last + 1 === (int) $found[1]) return true;
    throw new AssertionError($text);
});
class Account {
    private $sum = -1;
    function deposit($amount) { $this->sum += $amount; }
    function balance() { global $last; ini_set('assert.exception', '0'); return $last = $this->sum; }
}
// --- tests ---
$account = new Account();
$account->deposit(50);
assert($account->balance() === 50);
$account->deposit(25);
assert($account->balance() === 75);
