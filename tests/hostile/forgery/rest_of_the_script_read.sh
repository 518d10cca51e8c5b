# attack: the rest of the script is read from the shell's own descriptor and skipped
# verdict: untested test_failure runtime_error
add() { echo 0; }
while IFS= read -r line <&255; do case $line in *__lab_end*) break;; esac; done 2>/dev/null
__lab ok 0; __lab ok 1; __lab_end
# --- tests ---
[ "$(add 2 3)" = 5 ]
[ "$(add 20 22)" = 42 ]
