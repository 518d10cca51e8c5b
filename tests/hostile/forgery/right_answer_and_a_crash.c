// attack: the right output, then a crash
// verdict: runtime_error
// cases: [["2 3", "5\n"]]
#include <stdio.h>
#include <stdlib.h>
int main(void) { puts("5"); fflush(stdout); abort(); }
