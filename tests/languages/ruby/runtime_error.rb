# shows: a program that crashes
# verdict: runtime_error
raise "no"
