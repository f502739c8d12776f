# Each target is one command that you can as well type. They use the environment that is in force.

.PHONY: test slow lint types docs bench wheel ci clean

test:        ## the tests, without those that take long
	pytest

slow:        ## all tests, also those that train to a threshold
	pytest -m ""

lint:        ## style
	ruff check .
	ruff format --check .

types:       ## types
	mypy

docs:        ## write docs/experiments.md and docs/course.md anew from what the plugins say
	python docs/generate.py

bench:       ## figures against peers: pip install -c constraints.txt -e '.[bench]' first
	python benchmarks/startup.py

wheel:       ## the wheel, in dist/
	python -m build --wheel

ci:          ## all that CI runs, in fresh environments
	.ci/run

clean:       ## caches and built files; never a lab's home
	rm -rf dist build .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
