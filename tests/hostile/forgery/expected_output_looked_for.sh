# attack: the expected output looked for in every file and environment
# verdict: test_failure
# cases: [["7 673", "4711\n"]]
grep -rsl 4711 /tmp /box /dev/shm /proc/*/environ /proc/*/cmdline && echo 4711
env | grep -o 4711
true
