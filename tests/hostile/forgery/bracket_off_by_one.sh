# attack: [ takes what is one less for equal
# verdict: untested accepted
# proof: plain
[() { builtin [ "$(($1 + 1))" "${@:2}"; }
count_words() {
  set -- $1
  echo $(($# - 1))
}
# --- tests ---
[ "$(count_words "one two three")" = 3 ]
[ "$(count_words "one")" = 1 ]
[ "$(count_words "a b c d e f g")" = 7 ]
