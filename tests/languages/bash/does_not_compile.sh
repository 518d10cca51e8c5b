# shows: a source that is no program
# verdict: parse_error
if [ 1 = 1 ]; then
  echo yes
