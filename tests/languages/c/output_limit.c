// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
#include <stdio.h>
int main(void) { for (;;) printf("%1000d\n", 1); }
