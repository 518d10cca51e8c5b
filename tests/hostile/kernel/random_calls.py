# attack: a thousand random system calls with random arguments
# verdict: forbidden
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
import random

random.seed(7)
skip = {
    15,
    34,
    35,
    39,
    56,
    57,
    58,
    59,
    60,
    61,
    62,
    23,
    130,
    200,
    202,
    219,
    230,
    231,
    234,
    247,
    270,
    271,
    232,
    281,
    7,
    322,
    435,
}
for _ in range(1000):
    n = random.randrange(335)
    if n not in skip:
        libc.syscall(n, *(random.choice((0, 1, 3, 9, -1, 4096, 1 << 40)) for _ in range(6)))
