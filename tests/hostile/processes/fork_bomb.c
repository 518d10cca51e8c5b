// attack: a fork bomb
// verdict: process_limit
#include <unistd.h>
int main(void) { for (;;) fork(); }
