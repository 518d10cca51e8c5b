# shows: a program that crashes
# verdict: runtime_error
print([][1])
