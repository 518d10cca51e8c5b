# attack: huge pages asked for
# verdict: runtime_error
import mmap

mmap.mmap(-1, 1 << 21, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000)
