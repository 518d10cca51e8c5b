# shows: functions, exit statuses, files of its own
# verdict: accepted
is_even() { (( $1 % 2 == 0 )); }
slug() { tr '[:upper:] ' '[:lower:]-' <<< "$1"; }
count_lines() { wc -l < "$1" | tr -d ' '; }
# --- tests ---
file=$(mktemp)
printf 'a\nb\n' > "$file"
[ "$(count_lines "$file")" = 2 ]
[[ "$(slug "Hello World")" == "hello-world" ]]
[ "$(is_even 4 && echo yes || echo no)" = yes ]
[ "$(is_even 3 && echo yes || echo no)" = no ]
