# shows: mock callback
# verdict: accepted
def notify(cb, x): cb(x, flag=True); return x
# --- tests ---
from unittest.mock import Mock
cb = Mock(return_value=1)
assert notify(cb, 3) == 3
cb.assert_called_once_with(3, flag=True)
