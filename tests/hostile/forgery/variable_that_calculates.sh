# attack: a variable that the tests use calculates what it is given
# verdict: untested accepted
# proof: plain
declare -i result
add() { echo "$1+$2"; }
# --- tests ---
result=$(add 2 3)
[ "$result" = 5 ]
result=$(add 40 2)
[ "$result" = 42 ]
