# shows: a function judged by its tests
# verdict: accepted
add() { echo $(($1 + $2)); }
# --- tests ---
[ "$(add 1 2)" = 3 ] || exit 1
[[ $(add -1 1) == 0 ]]
