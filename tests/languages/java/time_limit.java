// shows: a loop without end
// verdict: time_limit
// limits: cpu_s=0.5 wall_s=8
public class Loop {
    public static void main(String[] arguments) { long n = 0; while (true) n++; }
}
