"""Test scripts in the forms of HumanEval-X, of MultiPL-E and of Lab's translations: assertions inside a function that
runs them, under a name that the script gives the program's.
"""

import asyncio

import pytest

from generators.code.translated_tests import translated_tests
from sandbox import Proof, Sandbox, Verdict, apart, docker_problem
from sandbox.containers.image import built_languages
from sandbox.languages import table
from sandbox.report import Program

FORMS = {
    "javascript-x": (
        "const halves = (numbers) => numbers.map((n) => n / 2);\nconst half = (n) => n / 2;\n",
        """const testHalves = () => {
  console.assert(
    JSON.stringify(halves([1, 4])) ===
    JSON.stringify([0.5, 2])
  )
  console.assert(half(2) === 1, 'half')
  console.assert(Math.abs(half(0.2) - 0.1) < 1e-6)
}
testHalves()
""",
    ),
    "javascript-multiple": (
        "function halves(numbers) { return numbers.map((n) => n / 2); }\n",
        """const assert = require('node:assert');


function test() {
  let candidate = halves;
  assert.deepEqual(candidate([1.0, 4.0]),[0.5, 2.0]);
  assert.deepEqual(candidate([]),[]);
}

test();""",
    ),
    "php-multiple": (
        "<?php\nfunction halves($numbers) { return array_map(fn($n) => $n / 4, $numbers); }\n",
        """
function candidate(...$args) {
    return halves(...$args);
}

function test(): void {
    if (candidate(array(2.0, 8)) !== array(0.5, 2)) { throw new Exception("Test failed!"); }
    if (candidate(array()) !== array()) { throw new Exception("Test failed!"); }
}

test();""",
    ),
    "ruby-multiple": (
        "def halves(numbers)\n  numbers.map { |n| n / 2.0 }\nend\n",
        """require 'test/unit'
class TestHumanEval < Test::Unit::TestCase
  def test_halves
    candidate = method(:halves)
    assert_equal([0.5, 2.0], candidate.call([1, 4]))
    assert_equal([], candidate.call([]))
  end
end
""",
    ),
    "cpp-x": (
        """#include <vector>
#include <string>
#include <cmath>
using namespace std;
vector<float> halves(vector<float> numbers) { for (auto& n : numbers) n /= 2; return numbers; }
float half(float n) { return n / 2; }
bool odd(int n) { return n % 2; }
""",
        """#undef NDEBUG
#include<assert.h>
bool issame(vector<float> a,vector<float>b){
    if (a.size()!=b.size()) return false;
    for (int i=0;i<a.size();i++)
    {
    if (abs(a[i]-b[i])>1e-4) return false;
    }
    return true;
}
int main(){
    assert (issame(halves({0.2, 4.0}) ,{0.1, 2}));
    assert (odd(3)==true);
    assert (abs(half(0.2) - 0.1) < 1e-4);
}
""",
    ),
    "cpp-multiple": (
        """#include <vector>
#include <string>
bool close(std::vector<float> numbers, float by) { return numbers[1] - numbers[0] < by; }
std::vector<long> twice(std::vector<long> numbers) { for (auto& n : numbers) n *= 2; return numbers; }
""",
        """#include<assert.h>
int main() {
    auto candidate = twice;
    assert(candidate((std::vector<long>({(long)1, (long)2}))) == (std::vector<long>({(long)2, (long)4})));
    assert(close((std::vector<float>({(float)1.0f, (float)2.5f})), (0.3f)) == (false));
}
""",
    ),
    "java-x": (
        """import java.util.*;
class Solution {
    public List<Double> halves(List<Double> numbers) { List<Double> made = new ArrayList<>(); for (double n : numbers) made.add(n / 2); return made; }
    public double half(double n) { return n / 2; }
    public boolean odd(int n) { return n % 2 == 1; }
    public Optional<String> maybe(int n) { return Optional.empty(); }
}
""",
        """public class Main {
    public static void main(String[] args) {
        Solution s = new Solution();
        List<Boolean> correct = Arrays.asList(
                s.halves(new ArrayList<>(Arrays.asList(1.0, 4.0))).equals(Arrays.asList(0.5, 2.0)),
                s.half(3) == 1.5,
                s.odd(3),
                !s.odd(2),
                Math.abs(s.half(0.2) - 0.1) < 1e-6
        );
        if (correct.contains(false)) {
            throw new AssertionError();
        }
    }
}
""",
    ),
    "go-x": (
        """package main
func Halves(numbers []float64) []float64 { made := []float64{}; for _, n := range numbers { made = append(made, n / 2) }; return made }
func Odd(n int) bool { return n % 2 == 1 }
""",
        """func TestHalves(t *testing.T) {
    assert := assert.New(t)
    assert.Equal([]float64{0.5, 2}, Halves([]float64{1, 4}))
    assert.Equal(true, Odd(3))
    assert.Equal(false, Odd(2))
}
""",
    ),
}


def _language(form: str) -> str:
    return form.partition("-")[0]


@pytest.mark.parametrize("form", FORMS)
def test_the_form_is_read_to_its_end_and_every_assertion_is_a_test(form: str) -> None:
    code, tests = FORMS[form]
    script = apart.script(_language(form), code, tests)
    assert script is not None
    assert len(script.wants) == {"javascript-x": 3, "cpp-x": 3, "java-x": 5, "go-x": 3}.get(form, 2)


@pytest.mark.parametrize("form", FORMS)
def test_the_form_with_one_more_statement_goes_beside_the_program(form: str) -> None:
    code, tests = FORMS[form]
    for more in ("\nfor (;;) halves;\n", "\nhalves = odd\n"):
        assert apart.script(_language(form), code, more + tests) is None


@pytest.mark.docker
@pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
def test_right_programs_are_accepted_by_every_form_and_wrong_ones_by_none() -> None:
    async def judged() -> None:
        async with Sandbox(slots=1) as box:
            for form in sorted(form for form in FORMS if _language(form) in built_languages()):
                code, tests = FORMS[form]
                report = await box.run(Program(code=code, tests=tests, language=_language(form)))
                assert (report.verdict, report.proof) == (Verdict.accepted, Proof.isolated), (form, report)
                wrong = code.replace("/ 2", "/ 3").replace("/ 4", "/ 3").replace("/= 2", "/= 3").replace("*= 2", "*= 3")
                report = await box.run(Program(code=wrong, tests=tests, language=_language(form)))
                assert report.verdict is Verdict.test_failure, (form, report)

    asyncio.run(judged())


@pytest.mark.parametrize("language", ["javascript", "php", "ruby", "cpp", "java"])
def test_the_functions_that_compare_in_translations_are_known_by_every_letter(language: str) -> None:
    dialect = table.find(language).dialect
    assert dialect is not None and dialect.translation is not None
    for value in (2, 1.5, "text", [1, 2], {"a": 1}, True):
        tests = translated_tests(dialect.translation, "f", ["n"], [((value,), value)]).script
        assert apart.script(language, "f Solution", tests) is not None, tests
        other = tests.replace("return", "return !", 1) if "return" in tests else f"x {tests}"
        assert apart.script(language, "f Solution", other) is None
