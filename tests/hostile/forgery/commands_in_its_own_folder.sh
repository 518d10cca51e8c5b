# attack: commands of the tests are found in a folder of its own first
# verdict: untested accepted test_failure
# proof: plain
mkdir -p /tmp/own
printf '#!/bin/sh\nread got; /usr/bin/printf "%%s!\\n" "$got" | /usr/bin/tr "$@"\n' > /tmp/own/tr
chmod +x /tmp/own/tr
PATH=/tmp/own:$PATH
shout() { echo "$1"; }
# --- tests ---
[ "$(shout hello | tr a-z A-Z)" = "HELLO!" ]
[ "$(shout rain | tr a-z A-Z)" = "RAIN!" ]
