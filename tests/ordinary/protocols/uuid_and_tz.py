# shows: uuid and tz
# verdict: accepted
import uuid
from datetime import datetime, timezone
def mk(): return uuid.UUID(int=5)
def utc(): return datetime(2020, 1, 1, tzinfo=timezone.utc)
# --- tests ---
import uuid
from datetime import datetime, timezone
assert mk() == uuid.UUID(int=5)
assert utc() == datetime(2020, 1, 1, tzinfo=timezone.utc)
