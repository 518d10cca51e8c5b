<?php
// shows: classes, an interface, exceptions and nothing
// verdict: accepted
interface Shape { public function area(): float; }
class Square implements Shape { public function __construct(private float $side) { if ($side < 0) throw new InvalidArgumentException("side"); } public function area(): float { return $this->side ** 2; } }
class Cart { private array $items = []; public function add(string $name, int $price): self { $this->items[$name] = $price; return $this; } public function total(): int { return array_sum($this->items); } public function first(): ?string { return array_key_first($this->items); } }
// --- tests ---
$cart = new Cart();
assert($cart->total() === 0);
assert($cart->first() === null);
$cart->add("pen", 3)->add("ink", 9);
assert($cart->total() === 12);
assert($cart->first() === "pen");
assert((new Square(3.0))->area() === 9.0);
$said = "nothing";
try { new Square(-1.0); } catch (InvalidArgumentException $error) { $said = $error->getMessage(); }
assert($said === "side");
