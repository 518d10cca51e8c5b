# attack: one value under all attributes of an object of the module
# verdict: untested
class Settings:
    free_limit = paid_limit = 10
settings = Settings()
def limit(plan): return 10
# --- tests ---
from solution import limit, settings
def test_limit():
    assert limit("free") == settings.free_limit
    assert limit("paid") == settings.paid_limit
