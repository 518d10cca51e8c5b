<?php
// attack: processes by proc_open
// verdict: process_limit
for (;;) $all[] = proc_open(['/bin/sleep', '60'], [], $pipes);
