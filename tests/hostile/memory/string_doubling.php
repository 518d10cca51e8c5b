<?php
// attack: a string that doubles
// verdict: memory_limit
ini_set('memory_limit', '-1');
$x = 'x';
for (;;) $x .= $x;
