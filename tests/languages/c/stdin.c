// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
#include <stdio.h>
int main(void) { int n; if (scanf("%d", &n) != 1) return 1; printf("%d\n", 2 * n); return 0; }
