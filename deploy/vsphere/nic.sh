#!/bin/sh
# Gives a capture VM a network adapter (vmxnet3) on a capture port group.
#
#   nic.sh --vm VM --network PORT-GROUP [--dry-run]
#
# One adapter for each virtual switch: a second one would see every frame again. An adapter that is already there is left alone.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "vm network" "$@"
required vm network
vm=$option_vm
network=$option_network
needs govc jq
find_one m "$vm" --vm >/dev/null
group=$(govc find -i -type g / -name "$network")
[ -n "$group" ] || [ -n "$(govc find -i -type n / -name "$network")" ] || refuse --network "$network" "a port group that is there: make it with standard.sh or distributed.sh"

# The adapters of the VM on this port group, as "key type address".
attached() {
    ask device.info -vm "$vm" | jq -r --arg network "$network" --arg key "${group#*:}" '
        .devices[]? | select(.macAddress) | select(.backing.deviceName == $network or ($key != "" and .backing.port.portgroupKey == $key)) | "\(.key) \(.type) \(.macAddress)"'
}

before=$(attached)
if [ -n "$before" ]; then
    case $before in
        *VirtualVmxnet3*) say "$vm: has an adapter on $network already" ;;
        *) refuse "adapter of $vm on $network" "${before#* }" "VirtualVmxnet3: remove it, and run this again" ;;
    esac
    exit 0
fi
# The address is chosen here, so that what undo.sh removes is known before it exists. vSphere keeps 00:50:56:00:00:00 to 00:50:56:3f:ff:ff for addresses that
# are assigned by hand; vCenter takes its own from elsewhere, and raises an alarm where two are equal.
address=$(od -An -N3 -tu1 /dev/urandom | awk '{ printf "00:50:56:%02x:%02x:%02x", $1 % 64, $2, $3 }')
record adapter "$vm" "$address"
act govc vm.network.add -vm "$vm" -net "${group:-$network}" -net.adapter vmxnet3 -net.address "$address" || {
    forget adapter "$vm" "$address"
    fail "$vm: the adapter could not be added"
}
[ -n "$dry_run" ] || say "$vm: added an adapter $address on $network"
