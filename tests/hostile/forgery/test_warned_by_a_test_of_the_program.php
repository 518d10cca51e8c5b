<?php
// attack: a warning that PHPUnit made of a test of the program's own is thrown in the other's, which ends there
// verdict: untested test_failure runtime_error
function point() {
    $own = new class ('own') extends PHPUnit\Framework\TestCase {
        public function own(): void {
            $this->addWarning('This will go.');
            $this->assertTrue(true);
        }
    };
    $result = new PHPUnit\Framework\TestResult();
    $own->setName('own');
    $own->run($result);
    throw $result->warnings()[0]->thrownException();
}
// --- tests ---
<?php
use PHPUnit\Framework\TestCase;

final class PointTest extends TestCase
{
    public function testPoint(): void
    {
        $this->assertSame(5, point());
    }
}
