# attack: a variable of the tests writes capital letters, by two flags
# verdict: untested accepted
# proof: plain
shout() { echo "$1!"; }
declare -x -u got
# --- tests ---
got=$(shout abc)
[ "$got" = "ABC!" ]
got=$(shout xy)
[ "$got" = "XY!" ]
