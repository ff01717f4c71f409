#!/bin/sh
# Readies a capture interface: interface.sh NAME
#
# Up and without addresses, so that this VM says nothing on the networks it watches; no LRO and GRO, which merge frames before capture sees them; the largest
# receive ring, because a full ring drops without a trace in the books. What the driver can't do is said and passed over.
set -eu
if [ $# -ne 1 ] || ! [ -e "/sys/class/net/$1" ]; then
    echo "interface.sh: needs the name of an interface of this machine; there are: $(find /sys/class/net -mindepth 1 -maxdepth 1 -printf '%f ' 2>/dev/null)" >&2
    exit 2
fi
name=$1
if ip -o address show dev "$name" scope global | grep -q .; then
    echo "interface.sh: $name has an address, so it is not a capture interface: nothing was changed" >&2
    exit 1
fi
try() { "$@" 2>/dev/null || echo "interface.sh: could not: $*" >&2; }
if [ -w "/proc/sys/net/ipv6/conf/$name/disable_ipv6" ]; then
    echo 1 >"/proc/sys/net/ipv6/conf/$name/disable_ipv6"
fi
ip link set dev "$name" arp off up
command -v ethtool >/dev/null 2>&1 || { echo "interface.sh: without ethtool, offloads and rings of $name stay as they are" >&2; exit 0; }
for offload in lro gro; do
    try ethtool -K "$name" "$offload" off
done
most=$(ethtool -g "$name" 2>/dev/null | awk '/^RX:/ { print $2; exit }')
now=$(ethtool -g "$name" 2>/dev/null | awk '/^RX:/ { last = $2 } END { print last }')
case $most in
    '' | *[!0-9]*) ;;
    *) [ "$most" = "$now" ] || try ethtool -G "$name" rx "$most" ;;
esac
