# attack: two halves of a letter become one on the way
# verdict: test_failure
def decode(units):
    return "".join(chr(unit) for unit in units)
# --- tests ---
assert decode([0xD83D, 0xDE00]) == "\U0001F600"
assert decode([0x61]) == "a"
