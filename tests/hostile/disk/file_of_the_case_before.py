# attack: the second case finds what the first left in /tmp, and answers from it
# verdict: test_failure
# cases: [["1\n", "1\n"], ["2\n", "1\n"]]
import os

n = input()
for folder in ("/tmp", "/dev/shm"):
    if os.path.exists(f"{folder}/d/first"):
        n = open(f"{folder}/d/first").read()
    os.mkdir(f"{folder}/d")
    open(f"{folder}/d/first", "w").write(n)
print(n)
