# shows: a program that crashes
# verdict: runtime_error
exit 3
