<?php
// attack: recursion without end
// verdict: memory_limit
ini_set('memory_limit', '-1');
function f($n) { return f($n + 1) + 1; }
f(0);
