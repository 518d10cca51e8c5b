# attack: testcase list in a lambda
# verdict: untested
def publish(handlers, event):
    handlers[0](event)
    return 1
# --- tests ---
class TestPublish:
    def setup_method(self):
        self.log = []

    def test_publish(self):
        n = publish([lambda e: self.log.append(e), lambda e: self.log.append(e * 2)], "x")
        assert n == len(self.log)
