# attack: secrets of the host in the environment
# verdict: runtime_error
import os

extra = set(os.environ) - {
    "PATH",
    "HOME",
    "LANG",
    "TZ",
    "PYTHONHASHSEED",
    "PYTHONDONTWRITEBYTECODE",
    "RAYON_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "HOSTNAME",
    "LC_CTYPE",
}
if not extra:
    raise KeyError("none")
print(extra)
