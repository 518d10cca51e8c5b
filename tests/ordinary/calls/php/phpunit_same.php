<?php
// shows: phpunit same
// verdict: accepted
// limits: cpu_s=5
function initials(string $name): string {
    return implode('', array_map(fn($w) => strtoupper($w[0]), preg_split('/\s+/', trim($name))));
}
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

final class InitialsTest extends TestCase
{
    public function testTwoWords(): void
    {
        $this->assertSame('AL', initials('ada lovelace'));
    }
    public function testOneWord(): void
    {
        $this->assertSame('P', initials('plato'));
    }
}
