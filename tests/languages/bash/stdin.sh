# shows: a program judged by what it prints for an input
# verdict: accepted
# cases: [["21\n", "42\n"], ["-1", "-2"]]
read -r n
echo $((2 * n))
