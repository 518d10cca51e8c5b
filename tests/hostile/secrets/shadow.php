<?php
// attack: what root reads
// verdict: runtime_error
include '/etc/shadow';
if (!@file_get_contents('/etc/shadow')) exit(1);
