# attack: page tables filled by touching one page in each two megabytes
# verdict: memory_limit time_limit wall_limit
import mmap

m = mmap.mmap(-1, 1 << 42, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
for i in range(0, 1 << 42, 1 << 21):
    m[i]
