#!/bin/sh
# Keeps a capture VM on its host: a rule "must run on" of the cluster, and no DRS for the VM. A capture VM that moves leaves its host unseen and another one
# seen twice.
#
#   pin.sh --cluster CLUSTER --vm VM --host HOST [--dry-run]
#
# DRS will not move such a VM to empty a host for maintenance, nor HA restart it elsewhere: shut it down by hand.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "cluster vm host" "$@"
required cluster vm host
cluster=$option_cluster
vm=$option_vm
host=$option_host
needs govc jq
vm_reference=$(find_one m "$vm" --vm)
host_reference=$(find_one h "$host" --host)
cluster_reference=$(govc find -i -type c / -name "$cluster")
[ -n "$cluster_reference" ] || refuse --cluster "$cluster" "$(govc find -type c / | sed 's|.*/||' | tr '\n' ' ')"
configuration=$(property "$cluster_reference" configurationEx)
[ "$(property "$host_reference" parent | jq -r .value)" = "${cluster_reference#*:}" ] || refuse --host "$host" "a host of the cluster $cluster"
[ "$(property "$vm_reference" runtime.host | jq -r .value)" = "${host_reference#*:}" ] ||
    refuse --host "$host" "the host on which $vm is now: move it there first, or the rule cannot be kept"

# group NAME KIND MEMBER OPTION: a group of exactly this member.
group() {
    members=$(printf '%s' "$configuration" | jq -r --arg name "$1" --arg kind "$2" '.group[]? | select(.name == $name) | [.[$kind][]?.value] | join(" ")')
    if [ "$members" = "${3#*:}" ]; then
        say "$cluster: group $1 is there already"
        return 0
    fi
    if printf '%s' "$configuration" | jq -e --arg name "$1" 'any(.group[]?; .name == $name)' >/dev/null; then
        refuse group "$1" "a group of $3 only: this one holds '$members'"
    fi
    record cluster-group "$cluster" "$1"
    act govc cluster.group.create -cluster "$cluster" -name "$1" "-$2" "$4" || {
        forget cluster-group "$cluster" "$1"
        fail "$cluster: the group $1 could not be made"
    }
    [ -n "$dry_run" ] || say "$cluster: made group $1"
}

group "parallax-$vm" vm "$vm_reference" "$vm"
group "parallax-$vm-host" host "$host_reference" "$host"

rule=$(printf '%s' "$configuration" | jq -c --arg name "parallax-$vm" '.rule[]? | select(.name == $name)')
if [ -z "$rule" ]; then
    record cluster-rule "$cluster" "parallax-$vm"
    act govc cluster.rule.create -cluster "$cluster" -name "parallax-$vm" -enable -mandatory -vm-host -vm-group "parallax-$vm" -host-affine-group "parallax-$vm-host" || {
        forget cluster-rule "$cluster" "parallax-$vm"
        fail "$cluster: the rule could not be made"
    }
    [ -n "$dry_run" ] || say "$cluster: made rule parallax-$vm"
elif printf '%s' "$rule" | jq -e --arg vm "parallax-$vm" '.enabled and .mandatory and .vmGroupName == $vm and .affineHostGroupName == $vm + "-host"' >/dev/null; then
    say "$cluster: rule parallax-$vm is there already"
else
    refuse rule "parallax-$vm" "an enabled, mandatory rule for the group of that name: this one is $rule"
fi

override=$(printf '%s' "$configuration" | jq -c --arg vm "${vm_reference#*:}" '
    [.drsVmConfig[]?, .dasVmConfig[]? | select(.key.value == $vm)] + [.vmOrchestration[]? | select(.vm.value == $vm)]')
if [ "$override" = '[]' ]; then
    record cluster-override "$cluster" "$vm"
    act govc cluster.override.change -cluster "$cluster" -vm "$vm" -drs-enabled=false || {
        forget cluster-override "$cluster" "$vm"
        fail "$vm: DRS could not be turned off"
    }
    [ -n "$dry_run" ] || say "$vm: DRS is off"
elif printf '%s' "$override" | jq -e 'any(.[]; .enabled == false)' >/dev/null; then
    say "$vm: DRS is off already"
else
    refuse "override of $vm" "$override" "none, or DRS disabled: change it by hand, undo.sh could not restore it"
fi
