// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
public class Flood {
    public static void Main() { var line = new string('x', 1000); while (true) System.Console.WriteLine(line); }
}
