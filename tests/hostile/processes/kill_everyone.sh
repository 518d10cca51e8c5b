# attack: kill -9 -1, then rm -rf /
# verdict: runtime_error
kill -9 1
kill -9 -1
rm -rf --no-preserve-root / 2>/dev/null
exit 3
