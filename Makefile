# Everything a newcomer needs: `make demo` to see it work, `make test` before a change is sent.
SHELL := /bin/bash
.DELETE_ON_ERROR:
DEMO := demo-output
VENV := .venv
HILUM := .build/release/hilum

.PHONY: help setup build demo test test-peers test-faces test-kills check fuzz fuzz-short format bench \
    bench-deidentification bench-memory bench-networks bench-text docs clean

help:            ## what there is
	@grep -E '^[a-z-]+: .*##|^[a-z-]+: *##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

setup:           ## install the Debian packages that are missing
	@Scripts/setup.sh

build: setup     ## the command, optimised: .build/release/hilum
	swift build -c release --product hilum

demo: build      ## run the shipped pipelines on fixtures; ends with the pictures it made
	@Scripts/demo.sh $(HILUM) $(DEMO)

test: setup      ## every test that needs nothing but this repository
	swift test

test-peers: build $(VENV)/ready ## compare with pydicom, nibabel, dcm2niix, SciPy, SimpleITK, OpenCV, PyTorch, ONNX Runtime, pycocotools and others
	swift build --build-tests
	rm -rf .build/peer-files && HILUM_PEER_FILES=$(CURDIR)/.build/peer-files swift test --skip-build --filter PeerFilesTests
	$(VENV)/bin/python Tests/Peers/compare_formats.py .build/peer-files docs/damaged-nifti.md
	$(VENV)/bin/python Tests/Peers/compare_network.py models/brain-mri-tumour
	$(VENV)/bin/python -W ignore Tests/Peers/compare_onnx.py $(HILUM)
	HILUM_BENCH=1 swift build -c release --product hilum-networks
	$(VENV)/bin/python -W ignore Tests/Peers/compare_networks.py .build/release/hilum-networks
	$(VENV)/bin/python Tests/Peers/compare_training.py
	$(VENV)/bin/python Tests/Peers/compare_growth.py $(HILUM)
	$(VENV)/bin/python -W ignore Tests/Peers/compare_gradcam.py Tests/Peers/small models/brain-mri-tumour
	$(VENV)/bin/python -W ignore Tests/Peers/compare_metrics.py $(HILUM)
	$(VENV)/bin/python Tests/Peers/compare.py .build/debug/hilum
	PATH=$(CURDIR)/$(VENV)/bin:$$PATH $(VENV)/bin/python Tests/Peers/compare_dcm2niix.py .build/debug/hilum
	PATH=$(CURDIR)/$(VENV)/bin:$$PATH $(VENV)/bin/python Tests/Peers/edge_cases_check.py .build/debug/hilum --peers \
	    --document docs/edge-cases.md
	$(VENV)/bin/python Tests/Peers/compare_dicom_files.py .build/debug/hilum
	PATH=$(CURDIR)/$(VENV)/bin:$$PATH $(VENV)/bin/python Tests/Peers/compare_sidecars.py .build/debug/hilum
	$(VENV)/bin/python -W ignore Tests/Peers/compare_results.py $(HILUM)
	$(VENV)/bin/python -W ignore Tests/Peers/compare_intensity.py $(HILUM)
	$(VENV)/bin/python -W ignore Tests/Peers/random/compare.py $(HILUM)
	Tests/Peers/random/same_bits.sh
	Tests/Peers/deflate/any_address.sh
	$(VENV)/bin/python -W ignore Tests/Peers/compare_tensors.py $(HILUM)
	@Scripts/setup.sh slurm-wlm munge
	Tests/Peers/slurm.sh $(HILUM) || [ $$? = 77 ]
	PATH=$(CURDIR)/$(VENV)/bin:$$PATH $(VENV)/bin/python -W ignore Tests/Peers/deidentification/check.py --self-test
	PATH=$(CURDIR)/$(VENV)/bin:$$PATH $(VENV)/bin/python -W ignore Tests/Peers/deidentification/check.py .build/debug/hilum

test-kills: build $(VENV)/ready ## kill -9 at a thousand random moments, look for original bytes, resume, compare every byte
	HILUM_KILLS=50 swift test --filter "aKilledRun"
	$(VENV)/bin/python -W ignore Tests/Peers/deidentification/kills.py $(HILUM) fixtures

check: export HILUM_SANITIZED = 1
check: setup     ## formatting, then the unit tests under the address and thread sanitizers
	swift format lint --strict -r Package.swift Sources Tests
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.supp \
	    swift test --sanitize=address --scratch-path .build-asan --skip EndToEndTests
	swift test --sanitize=thread --scratch-path .build-tsan --skip EndToEndTests
	$(MAKE) fuzz-short

fuzz: setup      ## a million damaged files to every reader; findings in .build/fuzz-findings
	HILUM_FUZZ=1 swift build -c release --product hilum-fuzz
	.build/release/hilum-fuzz --count 1000000

fuzz-short: setup ## the same for about a minute
	HILUM_FUZZ=1 swift build -c release --product hilum-fuzz
	.build/release/hilum-fuzz --count 250000 --first 5000000

format:          ## put the sources into the house's format
	swift format -i -r Package.swift Sources Tests

bench: build $(VENV)/ready ## time Hilum beside its peers, in one run (10 GB of disk, some minutes)
	HILUM_BENCH=1 swift build -c release --product hilum-read
	PATH=$(CURDIR)/$(VENV)/bin:$$PATH $(VENV)/bin/python Benchmarks/run.py $(HILUM) .build/release/hilum-read

bench-deidentification: build $(VENV)/ready ## files per CPU-second of `hilum anonymize`, beside other de-identifiers
	$(VENV)/bin/python -W ignore Benchmarks/deidentification.py $(HILUM)

bench-networks: setup $(VENV)/ready ## milliseconds of vit-l24 and hvit-s, beside PyTorch and ONNX Runtime
	HILUM_BENCH=1 swift build -c release --product hilum-networks
	$(VENV)/bin/python -W ignore Benchmarks/Network/networks.py .build/release/hilum-networks

bench-text: setup $(VENV)/ready ## how much burned-in text is found, over a planted set (fonts: training/burned-in-text/README.md)
	HILUM_BENCH=1 swift build -c release --product hilum-text
	rm -rf .build/planted-text && $(VENV)/bin/python Benchmarks/BurnedInText/planted.py .build/planted-text --frames 1000 --seed 4711
	.build/release/hilum-text .build/planted-text --missed

test-faces: setup $(VENV)/ready ## brain lost and faces left, over heads whose brain is known (Debian's mricron-data)
	@Scripts/setup.sh mricron-data
	HILUM_FACES=1 swift build -c release --product hilum-faces
	swift build -c release --product hilum
	$(VENV)/bin/python -W ignore Tests/Peers/deidentification/faces.py $(HILUM)
	$(VENV)/bin/python Tests/Peers/faces/measure.py .build/release/hilum-faces .build/faces

bench-memory: build $(VENV)/ready ## peak memory over 200 CT series (40 GB of disk, some minutes)
	$(VENV)/bin/python Benchmarks/memory.py $(HILUM)

docs: setup      ## the lists of stages and the JSON Schema in docs/, from the program itself
	swift build --product hilum
	.build/debug/hilum stages > docs/stages.txt
	.build/debug/hilum stages --schema > docs/pipeline.schema.json

clean:           ## remove what was built
	rm -rf .build .build-asan .build-asan-fuzz .build-tsan $(DEMO)

$(VENV)/ready: Tests/Peers/requirements.txt
	@Scripts/setup.sh python3-venv dcmtk openjph-tools
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@
