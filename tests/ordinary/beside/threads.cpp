// shows: threads, a lock and a future
// verdict: accepted
#include <future>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>
class Counter { std::mutex m; long n = 0; public: void add(long k) { std::lock_guard<std::mutex> l(m); n += k; } long get() { std::lock_guard<std::mutex> l(m); return n; } };
long total(const std::vector<int>& v) { auto half = std::async(std::launch::async, [&] { return std::accumulate(v.begin(), v.begin() + v.size() / 2, 0L); }); long rest = std::accumulate(v.begin() + v.size() / 2, v.end(), 0L); return half.get() + rest; }
// --- tests ---
#include <cassert>
int main() {
    Counter c;
    std::vector<std::thread> all;
    for (int i = 0; i < 4; i++) all.emplace_back([&] { for (int k = 0; k < 100; k++) c.add(1); });
    for (auto& t : all) t.join();
    assert(c.get() == 400);
    assert(total({1, 2, 3, 4, 5}) == 15);
    return 0;
}
