<?php
// shows: a program that crashes
// verdict: runtime_error
throw new RuntimeException("no");
