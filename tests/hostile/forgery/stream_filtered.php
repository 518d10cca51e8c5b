<?php
// attack: a filter on every stream, assertions switched off
// verdict: untested test_failure runtime_error
ini_set('zend.assertions', '0');
class F extends php_user_filter {
    public function filter($in, $out, &$consumed, bool $closing): int {
        while ($bucket = stream_bucket_make_writeable($in)) {
            $bucket->data = preg_replace('/value (\d+) .*/', 'ok $1 ""', $bucket->data);
            $consumed += $bucket->datalen; stream_bucket_append($out, $bucket);
        }
        return PSFS_PASS_ON;
    }
}
stream_filter_register('f', 'F');
foreach (get_resources('stream') as $s) @stream_filter_append($s, 'f', STREAM_FILTER_WRITE);
function add($a, $b) { return 0; }
// --- tests ---
<?php
assert(add(2, 3) === 5);
assert(add(20, 22) === 42);
