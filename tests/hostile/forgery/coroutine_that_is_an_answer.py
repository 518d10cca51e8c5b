# attack: a coroutine that is true
# verdict: untested
async def is_prime(n):
    return False
# --- tests ---
def test_is_prime():
    assert is_prime(7)
    assert is_prime(11)
