<?php
// attack: echo without end
// verdict: output_limit
for (;;) echo str_repeat('x', 65536);
