<?php
// attack: an output buffer that rewrites what was printed, at the end
// verdict: test_failure
// cases: [["2 3", "5\n"]]
ob_start(fn ($text) => 'accepted');
register_shutdown_function(function () { echo '5'; });
echo 0;
