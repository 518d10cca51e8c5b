# attack: bytes that are no text for U+FFFD
# verdict: test_failure
# cases: [["", "a\ufffdb\n"]]
printf 'a\377b\n'
