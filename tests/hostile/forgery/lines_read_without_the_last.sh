# attack: what reads the lines leaves out the last
# verdict: untested accepted
# proof: plain
words() { printf '%s\n' $1 ""; }
mapfile() { builtin mapfile "$@"; eval "unset \"${!#}[-1]\""; }
# --- tests ---
mapfile -t got < <(words "a b")
[ "${#got[@]}" -eq 2 ]
[ "${got[1]}" = b ]
