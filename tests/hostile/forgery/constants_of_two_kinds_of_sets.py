# attack: constants that are equal, a set and a frozen one
# verdict: untested
class Roles:
    ADMIN = {1}
    GUEST = frozenset([1])
def roles(n): return {1}
# --- tests ---
def test_roles():
    assert roles("a") == Roles.ADMIN
    assert roles("g") == Roles.GUEST
