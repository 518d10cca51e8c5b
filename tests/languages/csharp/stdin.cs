// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
public class Twice {
    public static void Main() { System.Console.WriteLine(2 * int.Parse(System.Console.ReadLine())); }
}
