# attack: what it gives as a copy is the list it goes on with
# verdict: test_failure
class Log:
    def __init__(self):
        self.lines = []

    def add(self, line):
        self.lines.append(line)

    def snapshot(self):
        return self.lines


# --- tests ---
def test_snapshot():
    log = Log()
    log.add(1)
    before = log.snapshot()
    log.add(2)
    assert before == [1]
