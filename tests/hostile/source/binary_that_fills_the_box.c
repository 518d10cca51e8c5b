// attack: an initialised array larger than the builder's disk
// verdict: compile_error
char big[256 << 20] = {1};
int main(void) { return big[5]; }
