// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) { char *block = malloc(1 << 22); if (block) memset(block, 1, 1 << 22); } }
