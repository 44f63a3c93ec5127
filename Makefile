# Kwartet. It needs Python 3.11 or newer and make, nothing else.

.PHONY: help up test lint pairs format messages screenshots mails clean
.PHONY: bench-bounces bench-duplicates bench-hostile bench-import bench-layouts bench-read bench-search bench-send bench-sentences chaos

help:
	@echo "make up           run Kwartet here (PORT=8100 for another port); Ctrl-C stops it"
	@echo "make test         linters and all tests"
	@echo "make lint         linters only"
	@echo "make pairs        print which nouns import each other, and circles of files"
	@echo "make format       put the code in shape"
	@echo "make messages     collect what is to be translated, and compile the translations"
	@echo "make screenshots  take the pictures of the guides anew"
	@echo "make mails        write down the source of each kind of mail and take their pictures"
	@echo "make bench-bounces  measure how well bounces are told apart, on ../shared/corpora"
	@echo "make bench-duplicates  measure how well and how fast duplicates are found"
	@echo "make bench-hostile  measure what files made to break a reader cost"
	@echo "make bench-layouts  measure how well lists are read as their authors meant them"
	@echo "make bench-read   measure how well tables are found in delimited text"
	@echo "make bench-search  measure searching among 100,000 people"
	@echo "make bench-send    measure how fast invitations go out"
	@echo "make bench-sentences  measure how well sentences are told apart, on ../shared/corpora"
	@echo "make bench-import  measure importing 20,000 and 100,000 people beside what others do"
	@echo "make chaos         kill workers and restart servers while invitations go out (SEED=7 repeats a day)"
	@echo "make clean        remove .venv and what was built; your data in var/ stays"

up: .venv/.runtime
	@.venv/bin/python -m bin.up

test: .venv/.development
	@.venv/bin/python -m bin.suite

lint: .venv/.development
	@.venv/bin/python -m bin.suite lint

pairs: .venv/.development
	@.venv/bin/python -m bin.pairs

format: .venv/.development
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .
	@find backend crm engagement -name '*.html' | xargs .venv/bin/djade --target-version 5.2

messages: .venv/.development
	@.venv/bin/python -m bin.messages

screenshots: .venv/.development
	@.venv/bin/python -m bin.screenshots

mails: .venv/.development
	@.venv/bin/python -m bin.mails

bench-bounces: .venv/.development
	@.venv/bin/python -m bench.bounces

bench-duplicates: .venv/.development
	@.venv/bin/python -m bench.duplicates

bench-hostile: .venv/.development
	@.venv/bin/python -m bench.hostile

bench-layouts: .venv/.development
	@.venv/bin/python -m bench.layouts

bench-read: .venv/.development
	@.venv/bin/python -m bench.reading

bench-send: .venv/.development
	@.venv/bin/python -m bench.sending

bench-sentences: .venv/.development
	@.venv/bin/python -m bench.sentences

bench-search: .venv/.development
	@.venv/bin/python -m bench.search

bench-import: .venv/.development
	@.venv/bin/python -m bench.importing

chaos: .venv/.development
	@.venv/bin/python -m bench.chaos

clean:
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.runtime: requirements.txt
	@sh bin/venv requirements.txt
	@touch $@

.venv/.development: requirements.txt requirements-dev.txt
	@sh bin/venv requirements-dev.txt
	@touch .venv/.runtime $@
