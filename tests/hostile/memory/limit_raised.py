# attack: raising its own limits
# verdict: runtime_error
import resource

resource.setrlimit(resource.RLIMIT_NPROC, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
