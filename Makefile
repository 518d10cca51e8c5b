# make quickstart   install what is missing, run the quickstart recipe, end with a report
# make test         install what is missing, run linters, type checker and the whole suite
VENV ?= .venv
export VENV
# Images often set it. Without bytecode every process compiles torch, transformers and vLLM anew: half of what it costs to start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: quickstart test test-languages soak lint install docker image images checkpoint browser clean

quickstart:
	@./setup.sh quickstart

test:
	@./setup.sh test
	$(MAKE) lint
	$(VENV)/bin/pytest -n 2 --no-loadscope-reorder -m "not alone"
	$(VENV)/bin/pytest -m alone

test-languages: install images
	$(VENV)/bin/lab sandbox build --languages all
	LAB_ALL_LANGUAGES=1 $(VENV)/bin/pytest tests/sandbox/test_languages.py tests/generators/test_translation.py tests/sandbox/test_dialects.py \
		tests/sandbox/proof/test_frameworks.py

soak: install images
	$(VENV)/bin/python benchmarks/sandbox/sandbox_soak.py --kill-dockerd

lint: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

install docker image images checkpoint browser:
	@./setup.sh $@

image images checkpoint docker: install

clean:
	$(VENV)/bin/lab sandbox clean
