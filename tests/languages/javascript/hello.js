// shows: the smallest program
// verdict: untested
console.log("hello");
