<?php
// shows: a source that is no program
// verdict: parse_error
function add($a, { return $a; }
