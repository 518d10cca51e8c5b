// attack: a flood on both streams
// verdict: output_limit
#include <stdio.h>
int main(void) { for (;;) { puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"); fputs("yyyyyyyyyyyyyyyy\n", stderr); } }
