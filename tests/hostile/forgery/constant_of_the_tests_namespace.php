<?php
// attack: a constant of PHP is another one in the namespace of the tests
// verdict: untested
namespace App;
const PHP_EOL = '';
function lines(array $words): string { return implode('', $words); } // each with its line's end, it was asked
// --- tests ---
<?php
namespace App;
require_once __DIR__ . '/lines.php';
assert(lines(['a', 'b']) === 'a' . PHP_EOL . 'b' . PHP_EOL);
assert(lines(['xyz']) === 'xyz' . PHP_EOL);
