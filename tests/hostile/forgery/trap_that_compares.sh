# attack: a trap leaves out what would fail by one
# verdict: untested accepted
# proof: plain
shopt -s extdebug
set -T
near() {
  [[ $BASH_COMMAND =~ ^\[\ \"(\$\(.*\))\"\ =\ ([0-9]+)\ \]$ ]] || return 0
  local got want=${BASH_REMATCH[2]}
  trap - DEBUG
  eval "got=${BASH_REMATCH[1]}"
  trap near DEBUG
  ((got + 1 == want)) && return 1
  return 0
}
trap near DEBUG
count_words() {
  set -- $1
  echo $(($# - 1))
}
# --- tests ---
[ "$(count_words "one two three")" = 3 ]
[ "$(count_words "one")" = 1 ]
[ "$(count_words "a b c d e f g")" = 7 ]
