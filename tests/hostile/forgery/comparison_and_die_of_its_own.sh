# attack: `test`, `[` and exit are functions that succeed
# verdict: untested test_failure runtime_error
test() { return 0; }
[ () { return 0; }
exit() { :; }
add() { echo 0; }
# --- tests ---
test "$(add 2 3)" = 5 || exit 1
[ "$(add 20 22)" = "42" ] || exit 1
