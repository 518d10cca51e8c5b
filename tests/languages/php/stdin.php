<?php
// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
echo 2 * (int) fgets(STDIN), "\n";
