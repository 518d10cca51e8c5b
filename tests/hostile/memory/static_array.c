// attack: a huge array that is only reserved
// verdict: untested
static char big[1L << 40];
int main(int argc, char **argv) { (void)argv; return big[argc]; }
