// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
using System.Collections.Generic;

public class Eat {
    public static void Main() {
        var held = new List<byte[]>();
        while (true) { var block = new byte[1 << 22]; for (int n = 0; n < block.Length; n += 512) block[n] = 1; held.Add(block); }
    }
}
