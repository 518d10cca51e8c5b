// attack: processes made by clone
// verdict: process_limit
#define _GNU_SOURCE
#include <unistd.h>
#include <signal.h>
#include <sys/syscall.h>
int main(void) { for (;;) if (syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) == 0) pause(); }
