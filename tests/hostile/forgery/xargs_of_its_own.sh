# attack: what the answer is piped into squeezes its blanks
# verdict: untested accepted
# proof: plain
greet() { echo "hello  $1"; }
shopt -s lastpipe
IFS=$' \t\n'
squeeze() { tr -s ' '; }
xargs() { tr -s ' '; }
# --- tests ---
[ "$(greet ada | xargs)" = "hello ada" ]
[ "$(greet bob | xargs)" = "hello bob" ]
