#!/bin/sh
# Runs the scripts of this folder against a simulated vCenter on loopback, and reads back what they did. Exit code 0: all is as it should be; 1: something is
# not; 77: skipped, because the simulator cannot be had. Installs nothing: govc and the simulator are built into a temporary folder, from Go's module cache,
# which "go build" fills if it has to.
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)

skip() {
    printf 'skipped: %s\n' "$*" >&2
    exit 77
}

for tool in go jq curl; do
    command -v "$tool" >/dev/null 2>&1 || skip "needs $tool, which was not found"
done
work=$(mktemp -d)
simulator=
stop() {
    if [ -n "$simulator" ]; then
        kill "$simulator" 2>/dev/null || true
        wait "$simulator" 2>/dev/null || true
        simulator=
    fi
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
export GOFLAGS='-mod=readonly -buildvcs=false'
(cd "$here/simulator" && go list -deps ./...) >"$work/build.log" 2>&1 || skip "govc's sources can't be had: $(tail -n 1 "$work/build.log")"
(cd "$here/simulator" && go build -o "$work/bin/" ./govc ./vcsim) || exit 1

PATH=$work/bin:$PATH
export PATH HOME="$work" GOVC_INSECURE=1 PARALLAX_MADE="$work/made"
unset GOVC_DATACENTER GOVC_HOST GOVC_NETWORK GOVC_VM GOVC_CLUSTER GOVC_USERNAME GOVC_PASSWORD GOVC_TLS_CA_CERTS 2>/dev/null || true
failures=0
checks=0

# start [OPTION]: a fresh vCenter: one cluster of the hosts DC0_C0_H0 (VM0, VM2) and DC0_C0_H1 (VM1, VM3), a standard and a distributed switch.
start() {
    stop
    rm -rf "$work/made" "$work/.govmomi"
    : >"$work/address"
    vcsim "$@" >"$work/address" 2>"$work/vcsim.log" &
    simulator=$!
    tries=0
    while [ ! -s "$work/address" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || { cat "$work/vcsim.log" >&2; exit 1; }
        sleep 0.1
    done
    GOVC_URL=$(cat "$work/address")
    export GOVC_URL
}

# is WHAT EXPECTED ACTUAL
is() {
    checks=$((checks + 1))
    if [ "$2" = "$3" ]; then
        return 0
    fi
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected: %s\n  found:    %s\n' "$1" "$2" "$3"
}

# runs CODE SCRIPT ARGUMENT...: its output goes to $output.
runs() {
    expected=$1
    script=$2
    shift 2
    code=0
    output=$("$here/$script" "$@" 2>&1) || code=$?
    is "exit code of $script $* ($output)" "$expected" "$code"
}

# says TEXT: whether the last script said so.
says() {
    case $output in
        *"$1"*) is "$1" "$1" "$1" ;;
        *) is "what the script says" "... $1 ..." "$output" ;;
    esac
}

collect() { govc object.collect -json "$1" "$2" | jq -cS '.[0].val | if type == "object" and has("_value") then ._value else . end'; }

# All that the scripts could have changed.
state() {
    for host in DC0_C0_H0 DC0_C0_H1; do
        govc host.portgroup.info -json -host "$host" | jq -S '.portgroup | sort_by(.spec.name)'
        govc host.vswitch.info -json -host "$host" | jq -S .
        govc host.option.ls -json -host "$host" Net.ReversePathFwdCheckPromisc
    done
    govc find / | sort
    collect /DC0/network/DVS0 config
    collect /DC0/network/DC0_DVPG0 config
    govc find -type m / | sort | while IFS= read -r vm; do
        govc device.info -json -vm "$vm" | jq -S '.devices | map(select(.macAddress))'
    done
    collect /DC0/host/DC0_C0 configurationEx | jq -S 'del(..|nulls) | del(..|select(. == []))'
}

everything() {
    runs 0 reverse-path.sh --host DC0_C0_H0 --host DC0_C0_H1 "$@"
    runs 0 standard.sh --host DC0_C0_H0 --host DC0_C0_H1 "$@"
    runs 0 distributed.sh --switch DVS0 "$@"
    [ $# -gt 0 ] || for vm in 0 1; do
        runs 0 nic.sh --vm "DC0_C0_RP0_VM$vm" --network parallax-capture-vSwitch0
        runs 0 nic.sh --vm "DC0_C0_RP0_VM$vm" --network parallax-capture-DVS0
        runs 0 pin.sh --cluster DC0_C0 --vm "DC0_C0_RP0_VM$vm" --host "DC0_C0_H$vm"
    done
    runs 0 mirror.sh --switch DVS0 --name all --destination 192.0.2.10 --source-vm DC0_C0_RP0_VM2 --source-vm DC0_C0_RP0_VM3 "$@"
    runs 0 mirror.sh --switch DVS0 --name one --destination 2001:db8::10 --source-port 103 --direction sent --encapsulation erspan3 --session-id 7 --length 192 --sampling 4 "$@"
}

start
state >"$work/before"

# Nothing is there, and nothing is made by a dry run.
runs 1 check.sh
says 'missing	DC0_C0_H0	vSwitch0	no capture port group'
says 'missing	DC0_C0_H1	DVS0	no capture port group'
everything --dry-run
says '<encapType>erspan3</encapType>'
state >"$work/dry"
is 'a dry run changes nothing' '' "$(diff "$work/before" "$work/dry")"
is 'a dry run writes no list' no "$([ -e "$work/made" ] && echo yes || echo no)"

# Everything is made, and is what capture needs.
everything
for host in DC0_C0_H0 DC0_C0_H1; do
    is "port group of the standard switch on $host" '{"forged":false,"mac":false,"promiscuous":true,"switch":"vSwitch0","vlan":4095}' \
        "$(govc host.portgroup.info -json -host "$host" | jq -cS '.portgroup[] | select(.spec.name == "parallax-capture-vSwitch0").spec
            | {vlan: .vlanId, switch: .vswitchName, promiscuous: .policy.security.allowPromiscuous, mac: .policy.security.macChanges, forged: .policy.security.forgedTransmits}')"
    is "reverse path option of $host" 1 "$(govc host.option.ls -json -host "$host" Net.ReversePathFwdCheckPromisc | jq '.[0].value')"
done
is 'port group of the distributed switch' \
    '{"expand":true,"policy":{"allowPromiscuous":true,"forgedTransmits":false,"inherited":false,"macChanges":false},"type":"earlyBinding","vlan":[{"end":4094,"start":0}]}' \
    "$(collect /DC0/network/parallax-capture-DVS0 config | jq -cS '{vlan: .defaultPortConfig.vlan.vlanId, policy: .defaultPortConfig.macManagementPolicy, type, expand: .autoExpand}')"
for vm in 0 1; do
    is "capture adapters of VM$vm" '["VirtualVmxnet3","VirtualVmxnet3"]' \
        "$(govc device.info -json -vm "DC0_C0_RP0_VM$vm" | jq -c '[.devices[] | select(.macAddress // "" | startswith("00:50:56")) | .type]')"
    is "rule of VM$vm" '{"affineHostGroupName":"parallax-DC0_C0_RP0_VM'$vm'-host","enabled":true,"mandatory":true,"vmGroupName":"parallax-DC0_C0_RP0_VM'$vm'"}' \
        "$(collect /DC0/host/DC0_C0 configurationEx | jq -cS '.rule[] | select(.name == "parallax-DC0_C0_RP0_VM'$vm'") | {enabled, mandatory, vmGroupName, affineHostGroupName}')"
done
is 'DRS is off for both' '[false,false]' "$(collect /DC0/host/DC0_C0 configurationEx | jq -c '[.drsVmConfig[].enabled]')"
is 'mirror session of all' \
    '{"description":"Parallax capture","destinationPort":{"ipAddress":["192.0.2.10"]},"enabled":true,"encapType":"gre","key":"session-1","mirroredPacketLength":128,"name":"all","normalTrafficAllowed":false,"samplingRate":1,"sessionType":"encapsulatedRemoteMirrorSource","stripOriginalVlan":false}' \
    "$(collect /DC0/network/DVS0 config.vspanSession | jq -cS '.[0] | del(.sourcePortTransmitted, .sourcePortReceived)')"
is 'both directions of both VMs' '[2,2]' "$(collect /DC0/network/DVS0 config.vspanSession | jq -c '.[0] | [.sourcePortTransmitted, .sourcePortReceived | .portKey | length]')"
is 'mirror session of one' \
    '{"encapType":"erspan3","erspanId":7,"mirroredPacketLength":192,"samplingRate":4,"sourcePortReceived":null,"sourcePortTransmitted":{"portKey":["103"]}}' \
    "$(collect /DC0/network/DVS0 config.vspanSession | jq -cS '.[1] | {encapType, erspanId, mirroredPacketLength, samplingRate, sourcePortTransmitted, sourcePortReceived}')"

# A second run finds everything there.
state >"$work/once"
cp "$work/made" "$work/made.once"
everything
state >"$work/twice"
is 'a second run changes nothing' '' "$(diff "$work/once" "$work/twice")"
is 'a second run lists nothing more' '' "$(diff "$work/made.once" "$work/made")"

# check.sh finds nothing missing.
runs 0 check.sh
says 'Net.ReversePathFwdCheckPromisc is 1'
says 'mirror session one mirrors one frame of 4'
is 'check.sh warns of the sampling only' 'mirror session one mirrors one frame of 4' "$(printf '%s\n' "$output" | grep '^warning' | cut -f 4)"

# What check.sh has to find: an old adapter, promiscuous mode gone, a host without the option, a session of a vmkernel adapter.
govc vm.network.add -vm DC0_C0_RP0_VM2 -net parallax-capture-vSwitch0 -net.adapter e1000
govc host.portgroup.change -host DC0_C0_H1 -vlan-id 4095 -allow-promiscuous=false parallax-capture-vSwitch0
govc host.option.set -host DC0_C0_H0 Net.ReversePathFwdCheckPromisc 0
runs 1 check.sh
says 'is E1000, not Vmxnet3'
says 'missing	DC0_C0_H1	vSwitch0	no capture port group'
says 'missing	DC0_C0_H0	DVS0	Net.ReversePathFwdCheckPromisc is 0 and the switch has 2 uplinks'
says 'capture VM DC0_C0_RP0_VM2 is not kept on this host'
says 'DC0_C0_RP0_VM0, DC0_C0_RP0_VM2 all capture this switch: every frame is seen several times'
runs 1 check.sh --vm DC0_C0_RP0_VM3
says 'no capture VM on this host is connected'
runs 0 standard.sh --host DC0_C0_H1
says 'set parallax-capture-vSwitch0 again; it was: promiscuous mode rejected'

runs 2 pin.sh --cluster DC0_C0 --vm DC0_C0_RP0_VM2 --host DC0_C0_H1
says 'the host on which DC0_C0_RP0_VM2 is now'

# Refusals name what is wrong, its value and what is allowed, and leave no trace.
cp "$work/made" "$work/made.refused"
runs 2 mirror.sh --switch DVS0 --name kernel --destination 192.0.2.10 --source-port 900
says "'900 (hostVmkVnic)' is refused"
runs 2 mirror.sh --switch DVS0 --name kernel --destination 192.0.2.10 --source-port 12345
says "'12345 (unknown)' is refused"
runs 2 mirror.sh --switch DVS0 --name short --destination 192.0.2.10 --source-port 103 --length 60
says "mirror.sh: --length: '60' is refused; allowed: a whole number 128 to 65535"
runs 2 mirror.sh --switch DVS0 --name all --destination 192.0.2.11 --source-port 103
says 'a name that is not used yet'
runs 2 mirror.sh --switch DVS0 --name two --destination collector.example --source-port 103
says "--destination: 'collector.example' is refused"
runs 2 mirror.sh --switch DVS0 --name two --destination 192.0.2.10 --source-port 103 --session-id 3
runs 2 mirror.sh --switch DVS0 --name two --destination 192.0.2.10 --source-port 103 --encapsulation erspan2 --session-id 1024
runs 2 distributed.sh --switch DVS9
says "--switch: 'DVS9' is refused; allowed: DVS0"
runs 2 distributed.sh --switch DVS0 --vlans 0-4095
runs 2 distributed.sh --switch DVS0 --name DC0_DVPG0
says 'promiscuous mode rejected'
runs 2 standard.sh --host DC0_C0_H0 --name 'VM Network'
says 'was not made here'
runs 2 standard.sh --host DC0_C0_H7
runs 2 standard.sh --host DC0_C0_H0 --vswitch vSwitch7
runs 2 standard.sh --hots DC0_C0_H0
says "option: '--hots' is refused; allowed: --dry-run --host --vswitch --name"
runs 2 nic.sh --vm DC0_C0_RP0_VM2 --network nowhere
runs 2 nic.sh --vm DC0_C0_RP0_VM2 --network parallax-capture-vSwitch0
says 'VirtualE1000'
runs 2 undo.sh --only everything
is 'refusals list nothing' '' "$(diff "$work/made.refused" "$work/made")"

# What others use stays; what is left can be undone later.
state >"$work/used"
runs 0 undo.sh --dry-run --only host-option
state >"$work/dry"
is 'a dry undo changes nothing' '' "$(diff "$work/used" "$work/dry")"
runs 1 undo.sh
says 'kept: port group parallax-capture-vSwitch0 is used by DC0_C0_RP0_VM2'
is 'the list holds what was kept' 'standard-port-group' "$(cut -f 1 "$work/made" | sort -u)"
stranger=$(govc device.info -json -vm DC0_C0_RP0_VM2 | jq -r '.devices[] | select(.backing.deviceName == "parallax-capture-vSwitch0") | .name')
govc device.remove -vm DC0_C0_RP0_VM2 "$stranger"
runs 0 undo.sh
is 'the list is gone' no "$([ -e "$work/made" ] && echo yes || echo no)"
state >"$work/after"
is 'after the undo all is as before' '' "$(diff "$work/before" "$work/after")"
runs 0 undo.sh
says 'nothing to undo'

# A vCenter that does not answer is not one where nothing is left.
printf 'distributed-port-group\tDVS0\tparallax-capture-DVS0\n' >"$work/made"
address=$GOVC_URL
GOVC_URL=https://user:pass@127.0.0.1:1/sdk
runs 1 undo.sh
GOVC_URL=$address
is 'what could not be asked stays in the list' 1 "$(wc -l <"$work/made" | tr -d ' ')"

# Before API 6.7 the security policy has another form.
start -api-version 6.5
runs 0 distributed.sh --switch DVS0 --vlans 10-20,30-30
is 'the older form of the security policy' '[null,true,false,false,[{"end":20,"start":10},{"end":30,"start":30}]]' \
    "$(collect /DC0/network/parallax-capture-DVS0 config | jq -cS '.defaultPortConfig
        | [.macManagementPolicy, .securityPolicy.allowPromiscuous.value, .securityPolicy.macChanges.value, .securityPolicy.forgedTransmits.value, .vlan.vlanId]')"
runs 0 distributed.sh --switch DVS0 --vlans 10-20,30-30
says 'is there already'
runs 1 check.sh
says 'accepts promiscuous mode, but not all VLANs'
runs 0 undo.sh

# The inventory: addresses by Tools, a VLAN of the port group, a host's sensor; nothing of a template, and no link-local address.
start
govc dvs.portgroup.change -vlan 110 DC0_DVPG0 >/dev/null
govc vm.change -vm DC0_C0_RP0_VM0 -e SET.guest.ipAddress=10.10.1.11
govc vm.change -vm DC0_C0_RP0_VM3 -e SET.guest.ipAddress=169.254.3.3
runs 0 inventory.sh --capture-vm DC0_C0_RP0_VM1
printf '%s\n' "$output" >"$work/inventory"
is 'the inventory, of which the Java tests read a copy' '' "$(diff "$work/inventory" "$here/../local/src/test/resources/vcenter.json" 2>&1)"
govc vm.migrate -host DC0_C0_H1 DC0_C0_RP0_VM0 >/dev/null
govc vm.power -off DC0_C0_RP0_VM2 >/dev/null
govc vm.markastemplate DC0_C0_RP0_VM2
runs 0 inventory.sh
is 'a machine that moved is where it is now, and a template nowhere' '["DC0_C0_H1 DC0_C0_RP0_VM0","DC0_C0_H1 DC0_C0_RP0_VM1","DC0_C0_H1 DC0_C0_RP0_VM3"]' \
    "$(printf '%s' "$output" | jq -c '[.virtual_machines[] | "\(.host) \(.name)"]')"
govc vm.change -vm DC0_C0_RP0_VM3 -e SET.guest.ipAddress=10.10.1.33
runs 0 inventory.sh
is 'an address that Tools report' '["10.10.1.33"]' "$(printf '%s' "$output" | jq -c '.virtual_machines[] | select(.name == "DC0_C0_RP0_VM3").interfaces[0].addresses')"
govc vm.power -off DC0_C0_RP0_VM3 >/dev/null
runs 0 inventory.sh
is 'a machine that is off holds no address' '[]' "$(printf '%s' "$output" | jq -c '.virtual_machines[] | select(.name == "DC0_C0_RP0_VM3").interfaces[0].addresses')"
govc host.portgroup.change -host DC0_C0_H1 -vlan-id 120 'VM Network'
govc vm.network.change -vm DC0_C0_RP0_VM1 -net 'VM Network' ethernet-0
runs 0 inventory.sh
is 'the VLAN of a standard port group is that of the host' '["VM Network",120]' \
    "$(printf '%s' "$output" | jq -c '.virtual_machines[] | select(.name == "DC0_C0_RP0_VM1").interfaces[0] | [.port_group, .vlan]')"
runs 2 inventory.sh --capture-vm nobody
says "'nobody' is refused"
GOVC_URL=https://user:pass@127.0.0.1:1/sdk
runs 1 inventory.sh

printf '%s checks, %s failed\n' "$checks" "$failures"
[ "$failures" = 0 ]
