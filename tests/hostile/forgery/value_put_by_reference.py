# attack: a value that is set is the object of the tests, with what they put into it later, lists as well
# verdict: test_failure
class Config:
    def __init__(self):
        self.values = {}

    def set(self, key, value):
        self.values[key] = value

    def get(self, key):
        return self.values[key]

# --- tests ---
def test_config():
    config, value = Config(), [[1]]
    config.set("a", value)
    value.append([2])
    assert config.get("a") == [[1]]
