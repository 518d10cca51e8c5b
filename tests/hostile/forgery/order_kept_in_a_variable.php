<?php
// attack: what an order says of NAN is kept before it is asserted
// verdict: accepted untested
// proof: plain
class Mean {
    private array $values = [];
    public function add($value) { $this->values[] = $value; return $this; }
    public function get() { return NAN; }
}
// --- tests ---
$mean = (new Mean())->add(2)->add(4);
$ok = !($mean->get() < 3) && !($mean->get() > 3);
assert($ok);
$mean->add(9);
$fine = !($mean->get() < 5) && !($mean->get() > 5);
assert($fine);
