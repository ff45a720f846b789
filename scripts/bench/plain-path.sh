#!/bin/sh
# pod-1, node-1, switch, node-2, pod-2 as namespaces, joined by veth pairs and
# static routes. Reverse paths are filtered strictly, as in the simulation.
# Prints END when ready; then measures once for every line read.
#
#     plain-path.sh SECONDS [tracked]
#
# tracked: the nodes track connections, by a rule that no packet meets.
set -eu
mount -t tmpfs none /run
mkdir -p /run/netns
for name in pod-1 node-1 switch node-2 pod-2; do
  ip netns add "$name"
  ip netns exec "$name" sh -c 'echo 1 | tee /proc/sys/net/ipv4/conf/all/rp_filter > /proc/sys/net/ipv4/conf/default/rp_filter'
  ip -n "$name" link set lo up
done
# As in the simulation: a switch does not send packets through connection tracking.
ip netns exec switch sh -c 'cd /proc/sys/net/bridge 2> /dev/null || exit 0; for name in bridge-nf-call-*tables; do echo 0 > "$name"; done'
ip -n switch link add br0 type bridge
ip -n switch link set br0 up
for number in 1 2; do
  node=node-$number pod=pod-$number
  ip -n "$node" link add eth0 type veth peer name "port$number" netns switch
  ip -n switch link set "port$number" master br0
  ip -n switch link set "port$number" up
  ip -n "$node" link set eth0 up
  ip -n "$node" address add "192.0.2.$number/24" dev eth0
  ip -n "$node" link add pod0 type veth peer name eth0 netns "$pod"
  ip -n "$node" link set pod0 up
  ip -n "$pod" link set eth0 up
  ip -n "$pod" address add "198.51.100.$number/32" dev eth0
  ip -n "$pod" route add 169.254.1.1 dev eth0
  ip -n "$pod" route add default via 169.254.1.1 dev eth0
  mac=$(ip netns exec "$node" cat /sys/class/net/pod0/address 2> /dev/null || ip -n "$node" -o link show pod0 | sed 's/.*ether \([0-9a-f:]*\).*/\1/')
  ip -n "$pod" neighbour add 169.254.1.1 lladdr "$mac" dev eth0 nud permanent
  ip -n "$node" route add "198.51.100.$number/32" dev pod0
  ip netns exec "$node" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
  if [ "${2-}" = tracked ]; then
    ip netns exec "$node" nft 'add table inet floor; add chain inet floor unused; add rule inet floor unused ct state new accept'
  fi
done
ip -n node-1 route add 198.51.100.2/32 via 192.0.2.2
ip -n node-2 route add 198.51.100.1/32 via 192.0.2.1
ip netns exec pod-2 iperf3 --server --port 5201 > /dev/null 2>&1 &
until ip netns exec pod-1 iperf3 --client 198.51.100.2 --port 5201 --time 1 > /dev/null 2>&1; do sleep 0.1; done
printf '\nEND\n'
while read -r _; do
  ip netns exec pod-1 iperf3 --client 198.51.100.2 --port 5201 --time "$1" --json
  printf '\nEND\n'
done
