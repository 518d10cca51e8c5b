<?php
// attack: the harness's functions, called with whatever its private values are
// verdict: runtime_error
function add($a, $b) {
    $lab = new ReflectionClass('Lab');
    $key = $lab->getStaticPropertyValue('shut');
    foreach ([0, 1, 2] as $n) \Lab::ok($key, $n);
    \Lab::end($key); fwrite($lab->getStaticPropertyValue('out'), "$key ok 0 \"\"\n$key end 0 \"\"\n");
    exit(0);
}
// --- tests ---
$two = [2];
assert(add($two[0], 3) === 5);
assert(add($two[0], 40) === 42);
