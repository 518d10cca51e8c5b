// shows: a program that crashes
// verdict: runtime_error
#include <stdlib.h>
int main(void) { abort(); }
