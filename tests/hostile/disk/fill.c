// attack: a file without end
// verdict: disk_limit
#include <fcntl.h>
#include <unistd.h>
int main(void) { static char block[65536]; int f = open("/tmp/x", O_CREAT | O_WRONLY, 0600); while (write(f, block, sizeof block) > 0) {} return 1; }
