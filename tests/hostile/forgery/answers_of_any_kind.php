<?php
// attack: assertions switched off, and objects with a text for texts
// verdict: untested test_failure
ini_set('zend.assertions', '0');
class T { private $s; function __construct($s) { $this->s = $s; } function __toString(): string { return $this->s; } }
function greet($n) { return new T("Hello, $n"); }
// --- tests ---
<?php
assert(greet("A") == "Hello, A");
assert(greet("B") == "Hello, B");
