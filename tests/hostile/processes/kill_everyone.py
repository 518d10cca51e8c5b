# attack: kill everyone
# verdict: untested runtime_error forbidden
import os

os.kill(-1, 9)
