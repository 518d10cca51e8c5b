<?php
// attack: PHPUnit's classes are read through a stream of its own, which changes one
// verdict: runtime_error
class Files {
    public $context;
    private $held;
    static function real($do) { stream_wrapper_restore('file'); try { return $do(); } finally { self::take(); } }
    static function take() { stream_wrapper_unregister('file'); stream_wrapper_register('file', 'Files'); }
    function stream_open($path, $mode, $options, &$opened) {
        $text = self::real(function () use ($path) { return file_get_contents($path); });
        if (substr($path, -15) === 'IsIdentical.php') $text = str_replace('$this->value === $other', '$this->value === $other + 1', $text);
        $this->held = fopen('php://memory', 'r+');
        fwrite($this->held, $text);
        rewind($this->held);
        return true;
    }
    function stream_read($count) { return fread($this->held, $count); }
    function stream_eof() { return feof($this->held); }
    function stream_stat() { return fstat($this->held); }
    function stream_set_option($option, $one, $two) { return false; }
    function stream_close() { fclose($this->held); }
    function url_stat($path, $flags) { return self::real(function () use ($path) { return @stat($path); }); }
}
Files::take();
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
