# shows: text tools
# verdict: accepted
def caesar(s, k): return "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in s)
def is_pal(s): return s == s[::-1]
def words(s): return s.split()
# --- tests ---
for s in ("", "abc", "xyz"):
    assert caesar(caesar(s, 3), -3) == s
assert is_pal("") and is_pal("aba") and not is_pal("ab")
def ref(s): return s == s[::-1]
for s in ("", "a", "ab"):
    assert is_pal(s) == ref(s)
assert is_pal("") == ref("")
assert words("") == []
assert max((len(w) for w in words("a bb")), default=0) == 2
assert max(map(len, words("a bb ccc"))) == 3
