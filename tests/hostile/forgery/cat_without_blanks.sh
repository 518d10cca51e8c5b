# attack: what reads the file leaves out the blanks at the ends
# verdict: untested accepted
# proof: plain
save() { printf '%s \n' "$2" > "$1"; }
cat() { command cat "$@" | sed 's/ *$//'; }
# --- tests ---
save /tmp/a "x y"
[ "$(cat /tmp/a)" = "x y" ]
save /tmp/b "z"
[ "$(cat /tmp/b)" = "z" ]
