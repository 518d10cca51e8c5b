<?php
// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
while (true) { echo str_repeat("x", 1000), "\n"; }
