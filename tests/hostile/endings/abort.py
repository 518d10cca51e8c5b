# attack: an abort
# verdict: runtime_error
import os

os.abort()
