# attack: sixteen tebibytes reserved and not touched
# verdict: untested
import mmap

maps = [mmap.mmap(-1, 1 << 40, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000) for _ in range(16)]
