# attack: output closed, then printed to
# verdict: runtime_error
import os

os.close(1)
os.close(2)
print("x" * 100000)
