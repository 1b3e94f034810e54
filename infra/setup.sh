#!/bin/sh
# Makes the virtual environment $1 and installs the locked development tools into it.
set -eu
venv=$1

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

if ! "$venv/bin/python" -c '' 2>/dev/null; then
    for python in python3 python3.11 python3.12 python3.13 python3.14 python; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
        python=
    done
    [ -n "$python" ] || fail "no Python 3.11 or newer found on this machine: install one and run make again"
    say "making $venv with $("$python" --version)"
    rm -rf "$venv"
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$venv"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        # Debian ships venv without ensurepip; pip can fill an environment from outside.
        "$python" -m venv --without-pip "$venv"
        "$python" -m pip --python "$venv/bin/python" install --quiet 'pip<26.3'
    else
        fail "this Python can make no environment: install its venv module (on Debian: apt-get install python3-venv)"
    fi
fi

say "installing the locked tools into $venv (a minute or two the first time)"
"$venv/bin/python" -m pip install --quiet --quiet --no-compile --disable-pip-version-check \
    --require-hashes --requirement requirements-dev.txt
say "done"
