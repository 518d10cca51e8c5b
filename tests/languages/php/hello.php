<?php
// shows: the smallest program
// verdict: untested
echo "hello\n";
