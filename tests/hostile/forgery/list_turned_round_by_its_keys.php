<?php
# attack: asort keeps the keys and turns the order
# verdict: test_failure
function f($a) { asort($a); return $a; }
# --- tests ---
function lab_same($got, $want) {
    if (is_float($want)) return (is_int($got) || is_float($got)) && abs($got - $want) <= 1e-9 + 1e-12 * abs($want);
    if (!is_array($got) || !is_array($want)) return $got === $want;
    $same = count($got) === count($want) && array_is_list($got) === array_is_list($want);
    foreach ($want as $key => $value) $same = $same && array_key_exists($key, $got) && lab_same($got[$key], $value);
    return $same;
}
assert(lab_same(f([3, 1, 2]), [3, 1, 2]));
assert(lab_same(f([6, 5]), [6, 5]));
