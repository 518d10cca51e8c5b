<?php
// attack: settings that would run a file before the next program
// verdict: test_failure
// cases: [["2 3", "5\n"], ["20 22", "42\n"]]
foreach (['/tmp/.user.ini', '/tmp/php.ini', '/box/work/.user.ini'] as $path) @file_put_contents($path, "auto_prepend_file=/tmp/x.php\n");
@file_put_contents('/tmp/x.php', '<?php echo 42; exit;');
echo 5;
