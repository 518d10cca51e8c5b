# attack: a comparison of texts sees no case
# verdict: untested accepted
# proof: plain
shopt -s nocasematch
upper() { echo "$1"; }
# --- tests ---
[[ "$(upper abc)" == ABC ]]
[[ "$(upper xy)" == XY ]]
