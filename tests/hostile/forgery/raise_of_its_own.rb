# attack: raise does nothing
# verdict: untested test_failure
module Kernel
  def raise(*) = nil
end
class Object
  private def raise(*) = nil
end
def add(a, b) = 0
# --- tests ---
raise "5" unless add(2, 3) == 5
raise "7" unless add(3, 4) == 7
