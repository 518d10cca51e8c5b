<?php
// attack: a connection
// verdict: forbidden
fsockopen('1.1.1.1', 80);
