# attack: a trap that makes every test hold
# verdict: untested test_failure runtime_error
shopt -s extdebug
trap 'case $BASH_COMMAND in "["*|test*) false;; esac' DEBUG
set -T
add() { echo 0; }
# --- tests ---
[ "$(add 2 3)" = 5 ]
[ "$(add 20 22)" = 42 ]
