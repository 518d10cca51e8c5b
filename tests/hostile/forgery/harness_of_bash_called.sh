# attack: the harness's own function says ok for every test and the end
# verdict: untested test_failure runtime_error
add() { echo 0; }
__lab() { builtin printf '%s ok %s ""\n' "$__lab_token" "$2" >&3; }
# --- tests ---
[ "$(add 2 3)" = 5 ] || exit 1
[ "$(add 20 22)" = 42 ] || exit 1
