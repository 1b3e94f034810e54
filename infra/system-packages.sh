#!/bin/sh
# Chromium and a Chinese font, for the tests marked `browser`.
set -eu

for browser in chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null 2>&1; then
        echo "system-packages: $browser is here"
        exit 0
    fi
done

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "system-packages: installing chromium for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium chromium-driver fonts-noto-cjk >/dev/null
else
    echo "system-packages: no Chromium found. The tests marked 'browser' need it; install" \
        "chromium, chromium-driver and fonts-noto-cjk (on Debian: apt-get install, as root)" >&2
fi
