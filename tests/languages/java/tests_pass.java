// shows: a function judged by its tests
// verdict: accepted
class Add {
    static int add(int a, int b) { return a + b; }
}
// --- tests ---
assertEquals(3, Add.add(1, 2));
assert Add.add(-1, 1) == 0;
