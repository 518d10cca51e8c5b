// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
import java.util.*;

public class Eat {
    public static void main(String[] arguments) { List<byte[]> held = new ArrayList<>(); while (true) held.add(new byte[1 << 20]); }
}
