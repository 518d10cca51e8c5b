// attack: a set where the tests declare a vector: without the compiler it would have no order
// verdict: compile_error
#include <set>
#include <vector>
using namespace std;
set<int> uniq(vector<int> v) { return set<int>(v.begin(), v.end()); }
// --- tests ---
template <typename T> bool compare(T a, T b){ return a == b; }
int main(int argc, char* argv[]) {
    vector<int> arg00 = {3, 1, 3, 2};
    vector<int> x0 = uniq(arg00);
    vector<int> v0 = {3, 1, 2};
    if (!(compare(x0, v0))) { throw runtime_error("Error at 1th assert statement."); }
    return 0;
}
