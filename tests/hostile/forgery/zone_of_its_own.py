# attack: a time zone of its own class moves a time where it likes
# verdict: test_failure
import datetime


class Zone(datetime.tzinfo):
    def utcoffset(self, when):
        return datetime.timedelta(hours=when.hour)
    def dst(self, when):
        return None


def to_utc(when):
    return when.replace(tzinfo=Zone())
# --- tests ---
import datetime


def test_to_utc():
    when = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    got = to_utc(when)
    assert got == when
    assert got.utcoffset() == datetime.timedelta(0)
