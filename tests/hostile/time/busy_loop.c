// attack: a loop the compiler keeps
// verdict: time_limit
// limits: cpu_s=0.4
int main(void) { for (volatile long n = 0;; n++) {} }
