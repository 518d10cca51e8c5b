// shows: the smallest program
// verdict: untested
public class Hello {
    public static void Main() { System.Console.WriteLine("hello"); }
}
