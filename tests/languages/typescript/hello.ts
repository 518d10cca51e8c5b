// shows: the smallest program
// verdict: untested
const word: string = "hello";
console.log(word);
