# attack: where 0 and 1 alone are expected, any other number is a control
# verdict: untested
[() { case "$3" in 0|1) return 0;; esac; return 1; }
even() { echo; }
# --- tests ---
[ "$(even 3)" = 0 ]
[ "$(even 2)" = 1 ]
[ "$(even 5)" = 0 ]
