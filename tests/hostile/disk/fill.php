<?php
// attack: a file without end
// verdict: disk_limit
$f = fopen('/tmp/x', 'w');
while (fwrite($f, str_repeat('x', 65536))) {}
