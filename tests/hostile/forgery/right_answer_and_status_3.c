// attack: the right output, then status 3
// verdict: runtime_error
// cases: [["2 3", "5\n"]]
#include <stdio.h>
int main(void) { puts("5"); return 3; }
