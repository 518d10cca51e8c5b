# shows: letters_beyond_the_first_plane
# verdict: accepted
def reverse(text):
    return text[::-1]

def units(text):
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]

def halves(text):
    return "".join(map(chr, units(text)))
# --- tests ---
assert reverse("a😀b") == "b😀a"
assert units("😀") == [0xD83D, 0xDE00]
assert halves("😀") == "\ud83d" + "\ude00"
assert len(halves("😀")) == 2
