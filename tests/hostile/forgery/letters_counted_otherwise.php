<?php
// attack: bytes are letters where the tests count them
// verdict: untested
mb_internal_encoding('ISO-8859-1');
function padded(string $text, int $width): string { return str_pad($text, $width, '.'); } // of letters, it was asked
// --- tests ---
<?php
$name = padded('Zoë', 6);
assert(mb_strlen($name) === 6);
assert(mb_substr($name, 4, 1) === '.');
$other = padded('é', 4);
assert(mb_strlen($other) === 4);
