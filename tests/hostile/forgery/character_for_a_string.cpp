// attack: a character where the tests declare a string prints alike
// verdict: compile_error
#include <string>
using namespace std;
char first(string s) { return s[0]; }
// --- tests ---
template <typename T> bool compare(T a, T b){ return a == b; }
int main(int argc, char* argv[]) {
    string arg00 = "abc";
    string x0 = first(arg00);
    string v0 = "a";
    if (!(compare(x0, v0))) { throw runtime_error("Error at 1th assert statement."); }
    return 0;
}
