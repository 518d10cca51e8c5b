# attack: regex of nothing
# verdict: untested
def slug(s): return ""
# --- tests ---
import re
assert re.fullmatch(r"[a-z0-9-]*", slug("Hello World"))
