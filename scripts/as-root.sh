#!/bin/sh
# Runs a command as root, with this environment and this PATH: at once when root runs it, else through sudo.
#   sh scripts/as-root.sh npm test
set -eu
if [ "$(id -u)" = 0 ]; then exec "$@"; fi
exec sudo --preserve-env env "PATH=$PATH" "$@"
