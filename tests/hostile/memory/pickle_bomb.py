# attack: a pickle that doubles itself
# verdict: memory_limit
import pickle

data = b"(lp0\n" + b"I1\naL2L\na" * 100
x = [0] * 1000
for _ in range(20):
    x = [x, x]
pickle.loads(pickle.dumps(str(x)))
