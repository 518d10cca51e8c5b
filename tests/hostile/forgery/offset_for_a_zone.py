# attack: a fixed offset where a time zone belongs
# verdict: test_failure
from datetime import datetime, timedelta, timezone

def noon(year, month, day):
    return datetime(year, month, day, 12, tzinfo=timezone(timedelta(hours=2)))

# --- tests ---
from datetime import timedelta

def test_noon_half_a_year_later():
    later = noon(2020, 7, 1) + timedelta(days=180)
    assert later.utcoffset() == timedelta(hours=1)
