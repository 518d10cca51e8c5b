# attack: the harness's closures are looked at through ObjectSpace and bindings
# verdict: untested test_failure runtime_error
def add(a, b) = 0
ObjectSpace.each_object(Proc) { |p| begin; b = p.binding; if b.local_variable_defined?(:token); $token = b.local_variable_get(:token); $out = b.local_variable_get(:out); end; rescue StandardError, ArgumentError; end }
at_exit { }
TracePoint.new(:call, :c_call) { |tp| if tp.method_id == :no && $out; $out.write("#{$token} ok 0 \"\"\n#{$token} ok 1 \"\"\n#{$token} end 0 \"\"\n"); exit!(0); end }.enable
# --- tests ---
x = 2
assert_equal 5, add(x, 3)
assert_equal 42, add(x, 40)
