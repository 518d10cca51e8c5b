// attack: process.abort()
// verdict: runtime_error
process.abort();
