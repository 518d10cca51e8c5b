# attack: asking the kernel to kill somebody else
# verdict: forbidden
open("/proc/self/oom_score_adj", "w").write("-1000")
