// shows: the smallest program
// verdict: untested
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
