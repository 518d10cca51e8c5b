// attack: an initialised array of sixteen gibibytes
// verdict: compile_error
int main[-1u] = {1};
