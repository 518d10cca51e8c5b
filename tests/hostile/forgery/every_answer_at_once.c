// attack: the answers of all cases printed in each
// verdict: test_failure
// cases: [["2 3", "5\n"], ["20 22", "42\n"]]
#include <stdio.h>
int main(void) { puts("5\n42"); return 0; }
