# attack: a pickle of a kilobyte that doubles a text as often as it has lines
# verdict: memory_limit
import pickle

pickle.loads(b"Vha\np0\n0" + b"coperator\nadd\n(g0\ng0\ntRp0\n0" * 40 + b"g0\n.")
