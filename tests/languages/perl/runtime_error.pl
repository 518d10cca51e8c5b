# shows: a program that crashes
# verdict: runtime_error
die "no";
