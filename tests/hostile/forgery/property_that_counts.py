# attack: property that counts
# verdict: untested
def probe(sensor):
    return sensor.value
# --- tests ---
class Sensor:
    def __init__(self):
        self.reads = 0

    @property
    def value(self):
        self.reads += 1
        return self.reads

def test_probe():
    sensor = Sensor()
    assert probe(sensor) == sensor.reads
