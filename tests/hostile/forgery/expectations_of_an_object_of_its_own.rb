# attack: an object that includes everything and is nil
# verdict: accepted untested
# proof: plain
class Tags
  def include?(tag) = true
  def nil? = true
  def empty? = false
end

class Parser
  def initialize(text)
    @text = text
  end
  def size = @text.split.size
  def tags = Tags.new
  def error = Tags.new
end
# --- tests ---
require "minitest/autorun"

describe Parser do
  it "counts" do
    _(Parser.new("a b").size).must_equal 2
    _(Parser.new("a b c").size).must_equal 3
  end

  it "finds tags" do
    parser = Parser.new("red blue")
    _(parser.size).must_equal 2
    _(parser.tags).must_include "red"
    _(parser.tags).must_include "blue"
    _(parser.error).must_be_nil
  end
end
