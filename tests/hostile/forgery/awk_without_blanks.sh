# attack: what reads a column leaves out its blanks
# verdict: untested accepted
# proof: plain
table() { printf 'a\t1 \nb\t2 \n'; }
awk() { command awk "$@" | tr -d ' '; }
# --- tests ---
[ "$(table | awk -F'\t' 'NR==1{print $2}')" = 1 ]
[ "$(table | awk -F'\t' 'NR==2{print $2}')" = 2 ]
