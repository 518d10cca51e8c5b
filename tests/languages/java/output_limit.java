// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
public class Flood {
    public static void main(String[] arguments) { while (true) System.out.println("x".repeat(1000)); }
}
