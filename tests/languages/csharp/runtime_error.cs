// shows: a program that crashes
// verdict: runtime_error
public class Crash {
    public static void Main() { throw new System.InvalidOperationException("no"); }
}
