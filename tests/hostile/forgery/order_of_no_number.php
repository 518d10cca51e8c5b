<?php
// attack: NAN is neither less nor more than what is expected
// verdict: accepted untested
// proof: plain
class Series {
    public array $values = [];
    public function add($value) { $this->values[] = $value; return $this; }
    public function count() { return count($this->values); }
    public function mean() { return NAN; }
}
// --- tests ---
$series = (new Series())->add(2)->add(4);
assert($series->count() === 2);
$mean = $series->mean();
if ($mean < 3 || $mean > 3) throw new Exception("the mean is wrong");
$series->add(9);
assert($series->count() === 3);
if ($series->mean() < 5 || $series->mean() > 5) throw new Exception("the mean is wrong");
