// attack: a socket by the bare system call
// verdict: forbidden
#include <unistd.h>
#include <sys/syscall.h>
int main(void) { return (int)syscall(SYS_socket, 2, 1, 0); }
