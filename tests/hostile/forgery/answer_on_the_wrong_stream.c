// attack: the right answer on stderr
// verdict: test_failure
// cases: [["2 3", "5\n"]]
#include <stdio.h>
int main(void) { fputs("5\n", stderr); return 0; }
