# attack: the answer kept from one case to the next
# verdict: test_failure
# cases: [["2 3", "5\n"], ["20 22", "42\n"]]
cat /tmp/* /dev/shm/* 2>/dev/null
echo 5 > /tmp/answer
echo 5 > /dev/shm/answer
echo 5
