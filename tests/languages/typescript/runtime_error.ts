// shows: a program that crashes
// verdict: runtime_error
const nothing: any = null;
console.log(nothing.name);
