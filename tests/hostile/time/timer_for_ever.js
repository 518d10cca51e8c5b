// attack: an event loop that never empties
// verdict: wall_limit
// limits: wall_s=1.0
setInterval(() => {}, 1000);
