#!/bin/sh
# A CNI plugin for tests: a veth pair, and an address by counting up. Writes
# what it was asked to $MARGAY_TEST_PLUGIN_DIR/calls; fails as long as there
# is a file `fail` in it, with that file as its answer.
dir=$MARGAY_TEST_PLUGIN_DIR
printf '%s %s %s %s\n' "$CNI_COMMAND" "$CNI_CONTAINERID" "$CNI_NETNS" "$CNI_ARGS" >>"$dir/calls"
cat >"$dir/stdin.$CNI_COMMAND"
if [ -e "$dir/fail" ]; then
  cat "$dir/fail"
  echo 'the plugin was told to fail' >&2
  exit 1
fi
host=v$(printf '%.12s' "$CNI_CONTAINERID")
case $CNI_COMMAND in
ADD)
  exec 9>"$dir/lock"
  flock 9
  last=$(($(cat "$dir/last" 2>/dev/null || echo 1) + 1))
  echo "$last" >"$dir/last"
  flock -u 9
  address=10.7.0.$last
  name=${CNI_NETNS##*/}
  ip link add "$host" type veth peer name eth0 netns "$name" &&
    ip -n "$name" addr add "$address/32" dev eth0 &&
    ip -n "$name" link set eth0 up &&
    ip link set "$host" up &&
    ip addr add 10.7.0.1/32 dev "$host" &&
    ip route add "$address" dev "$host" &&
    ip -n "$name" route add 10.7.0.1 dev eth0 scope link &&
    ip -n "$name" route add default via 10.7.0.1 || exit 1
  printf '{"cniVersion":"1.0.0","interfaces":[{"name":"%s"},{"name":"eth0","sandbox":"%s"}],"ips":[{"address":"%s/32","interface":1}]}' \
    "$host" "$CNI_NETNS" "$address"
  ;;
DEL)
  ip link del "$host" 2>/dev/null || true
  ;;
esac
