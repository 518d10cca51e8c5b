# attack: the answer, room, and another answer behind what is kept
# verdict: test_failure
# cases: [["21\n", "42\n"], ["4\n", "8\n"]]
read -r n
echo $((2 * n))
printf '%70000s' ' '
echo no
