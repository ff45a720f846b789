# Runs once in a node's new mount, network and host name namespaces: makes the
# folders of a real machine, seen by this node alone.
# $1 host name, $2 folder of the simulator's that the node keeps seeing.
set -e
hostname "$1"

# The node's /run, put together elsewhere, since the simulator's own /run has
# to go first: its names of the other nodes' namespaces would keep them alive.
new=/opt/cni
mount -n -t tmpfs -o mode=755,nosuid,nodev margay "$new"
mkdir "$new/netns" "$new/margay" "$new/lock"
case "$2" in
/run/*)
  mkdir -p "$new/${2#/run/}"
  mount -n --bind "$2" "$new/${2#/run/}"
  ;;
esac
# Whole, with what is mounted in it: an ordinary user may not take the host's
# mounts away one by one.
umount -n --lazy /run
mount -n --move "$new" /run
# As containerd does. Else the first `ip netns add` on the node would, and
# cover the names of the pods that are there: their mounts would stay busy.
mount -n --bind /run/netns /run/netns
mount -n --make-shared /run/netns
[ /var/run -ef /run ] || mount -n --rbind /run /var/run

for folder in /etc/cni /opt/cni /var/lib/margay; do
  mount -n -t tmpfs -o mode=755,nosuid,nodev margay "$folder"
done
mkdir /etc/cni/net.d /opt/cni/bin

# What the node sees of its own devices, and a place for eBPF objects. Neither
# is there for an ordinary user in every container; nothing needs them then.
mount -n -t sysfs -o nosuid,nodev,noexec sysfs /sys 2>/dev/null || true
mount -n -t bpf -o nosuid,nodev,noexec bpf /sys/fs/bpf 2>/dev/null || true

# The simulator opens the namespaces now; they would end with this shell.
echo ready
read -r _ || true
