# shows: datetimes
# verdict: accepted
import datetime as dt
def next_day(d): return d + dt.timedelta(days=1)
# --- tests ---
import datetime
assert next_day(datetime.date(2024, 2, 28)) == datetime.date(2024, 2, 29)
from datetime import date
assert next_day(date(2024, 12, 31)).year == 2025
