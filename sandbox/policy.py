"""The whole policy in one place: what a container may have and which system calls are fatal.

What one run may use is `report.Limits`; what a language needs beyond that is in its row (`languages/`). Mechanism is
elsewhere: `containers/container.py` starts containers so, `inside/confine.py` drops privileges so,
`inside/supervisor.py` measures.
"""

from __future__ import annotations

from typing import Any

from sandbox.report import Limits

SUPERVISOR_BYTES = 64 * 1024 * 1024
"""Memory beside the program's own: supervisor, test driver, linter, the tmpfs."""

BOX_BYTES = 64 * 1024 * 1024
"""Room for sources and what compilers make of them."""

SUPERVISOR_PIDS = 3
"""Processes beside the program's own: pid 1, the run's watcher, the test driver."""

RUNS_PER_CONTAINER = 500
"""A container is replaced after so many programs, and after any fault."""

KILL_AFTER_OUTPUT = 16
"""A program that writes this many times `Limits.output_bytes` is ended; up to there its output is drained and cut."""

FATAL_LINT_RULES = frozenset({"F821", "F823"})
"""Undefined names: the program cannot work as written, but where they are never looked up, or may be there
(`inside/reading/undefined.py`). Every other finding is a warning."""

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "RAYON_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}

FORBIDDEN_CALLS = {  # name: (number on x86_64, number on aarch64), -1 where there is none
    "socket": (41, 198),  # except AF_UNIX
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "open_tree": (428, 428),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "sethostname": (170, 161),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "fanotify_init": (300, 262),
    "quotactl": (179, 60),
    "syslog": (103, 116),
}


MASKED_PATHS = (
    # Docker's own list, which ours replaces.
    *("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats"),
    *("/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"),
    "/sys/devices/virtual/powercap",
    # Pseudo-terminals are counted for the whole machine: one slot could take those of all others.
    "/dev/pts",
    # Peaks and sums that outlast a run and tell the next one of it (cgroup v1, then v2).
    *(f"/sys/fs/cgroup/memory/memory.{kind}max_usage_in_bytes" for kind in ("", "memsw.", "kmem.", "kmem.tcp.")),
    *(f"/sys/fs/cgroup/memory/memory.{kind}failcnt" for kind in ("", "memsw.", "kmem.", "kmem.tcp.")),
    *(f"/sys/fs/cgroup/memory/memory.{name}" for name in ("stat", "numa_stat", "pressure_level")),
    *(f"/sys/fs/cgroup/cpuacct/cpuacct.{name}" for name in ("stat", "usage_all", "usage_percpu", "usage_sys")),
    *("/sys/fs/cgroup/cpuacct/cpuacct.usage_percpu_sys", "/sys/fs/cgroup/cpuacct/cpuacct.usage_percpu_user"),
    *("/sys/fs/cgroup/cpuacct/cpuacct.usage_user", "/sys/fs/cgroup/blkio", "/sys/fs/cgroup/pids/pids.peak"),
    *(f"/sys/fs/cgroup/{name}" for name in ("memory.peak", "memory.swap.peak", "memory.stat", "memory.numa_stat")),
    *(f"/sys/fs/cgroup/{name}" for name in ("pids.peak", "io.stat", "cpu.pressure", "memory.pressure", "io.pressure")),
    "/proc/pressure",
    # Sums over the whole machine that a program can drive up: what one run leaves in them another would read.
    *(f"/proc/{name}" for name in ("stat", "vmstat", "diskstats", "schedstat", "softirqs", "buddyinfo", "zoneinfo")),
    *(f"/proc/sys/fs/{name}" for name in ("dentry-state", "inode-nr", "inode-state", "file-nr")),
)
"""Files of the kernel that a container does not see. What the supervisor itself counts by has to stay."""


def host_config(limits: Limits, builder: int) -> dict[str, Any]:
    """The part of a container's configuration that confines it, in the Docker API's own words. `builder` is the uid that
    owns the folder of sources and compiled programs.
    """
    memory = limits.memory_bytes + limits.disk_bytes + SUPERVISOR_BYTES
    options = "rw,nosuid,nodev,noexec,mode=1777"
    return {
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "cap_add": ["SETUID", "SETGID", "SETPCAP", "KILL"],
        "security_opt": ["no-new-privileges"],
        "ipc_mode": "private",
        "mem_limit": memory,
        "memswap_limit": memory,
        "pids_limit": limits.pids + SUPERVISOR_PIDS,
        "oom_score_adj": 500,
        "shm_size": 1024 * 1024,
        "tmpfs": {
            "/tmp": f"{options},size={limits.disk_bytes},nr_inodes=4096",
            "/dev/shm": f"{options},size=1048576,nr_inodes=256",
            # Only the builder writes here, and compiled programs are executed from here.
            "/box": f"rw,nosuid,nodev,exec,mode=755,uid={builder},gid={builder},size={BOX_BYTES},nr_inodes=2048",
        },
        "ulimits": {"core": 0, "nofile": 256, "msgqueue": 0, "memlock": 0},
        "log_config": "none",
        "auto_remove": True,
    }
