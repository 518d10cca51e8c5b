// shows: a function that its tests refuse
// verdict: test_failure
class Add {
    static int add(int a, int b) { return a - b; }
}
// --- tests ---
assertEquals(3, Add.add(1, 2));
assert Add.add(-1, 1) == 0;
