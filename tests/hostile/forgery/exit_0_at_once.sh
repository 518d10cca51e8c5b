# attack: exit 0
# verdict: test_failure
# cases: [["2 3", "5\n"]]
exit 0
