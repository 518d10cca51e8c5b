<?php
// attack: a destructor and a handler that print at the end
// verdict: test_failure
// cases: [["2 3", "5\n"]]
class Late { function __destruct() { echo "5\n"; } }
$late = new Late;
set_error_handler(fn () => print("5\n"));
echo 0;
trigger_error('x');
