# attack: a no-break space in one token
# verdict: test_failure
# cases: [["", "1 2\n"]]
printf '1\302\2402\n'
