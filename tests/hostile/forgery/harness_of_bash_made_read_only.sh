# attack: the harness's own variables cannot be changed
# verdict: untested test_failure runtime_error
readonly __lab_bad=0
__lab() { builtin printf '%s ok %s ""\n' "$__lab_token" "$2" >&3; }
readonly -f __lab
add() { echo 0; }
# --- tests ---
[ "$(add 2 3)" = 5 ]
[ "$(add 20 22)" = 42 ]
