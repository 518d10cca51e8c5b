# shows: a function that its tests refuse
# verdict: test_failure
add() { echo $(($1 - $2)); }
# --- tests ---
[ "$(add 1 2)" = 3 ] || exit 1
[[ $(add -1 1) == 0 ]]
