# attack: surrogates, bidirectional marks and combining marks
# verdict: untested
import os

os.write(1, ("\u202e" + "a" + "\u0301" * 5000 + "\ufeff\u2028").encode() + b"\xed\xa0\x80")
