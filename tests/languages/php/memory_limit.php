<?php
// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
$held = [];
while (true) { $held[] = str_repeat("x", 1 << 22); }
