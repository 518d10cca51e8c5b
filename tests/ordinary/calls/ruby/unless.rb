# shows: unless
# verdict: accepted
# limits: cpu_s=5
def palindrome?(text)
  plain = text.downcase.gsub(/[^a-z]/, '')
  plain == plain.reverse
end
# --- tests ---
raise "madam" unless palindrome?("Madam") == true
raise "hello" unless palindrome?("hello") == false
raise unless palindrome?("A man, a plan, a canal: Panama") == true
