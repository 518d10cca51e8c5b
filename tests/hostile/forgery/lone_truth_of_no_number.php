<?php
// attack: NAN is not less and not more
// verdict: accepted untested
// proof: plain
class Mean {
    private $values = [];
    public function add($value) { $this->values[] = $value; return $this; }
    public function get() { return NAN; }
}
// --- tests ---
$mean = (new Mean())->add(2)->add(4);
assert(!($mean->get() < 3) && !($mean->get() > 3));
$mean->add(9);
assert(!($mean->get() < 5) && !($mean->get() > 5));
