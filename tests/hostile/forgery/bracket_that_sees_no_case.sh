# attack: [ looks at no case
# verdict: accepted untested
# proof: plain
[() { local a="${1,,}" b="${3,,}"; if builtin [ "$2" = "=" ]; then builtin [ "$a" = "$b" ]; else builtin [ "$@"; fi; }
shout() { echo "$1"; }
# --- tests ---
[ "$(shout hello)" = "HELLO" ]
[ "$(shout world)" = "WORLD" ]
[ "$(shout abc)" = "ABC" ]
