// shows: a function judged by its tests
// verdict: accepted
public class Calculator {
    public static int Add(int a, int b) { return a + b; }
}
// --- tests ---
Assert.AreEqual(3, Calculator.Add(1, 2));
Assert.AreEqual(0, Calculator.Add(-1, 1));
