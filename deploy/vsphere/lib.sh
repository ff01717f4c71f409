# What the scripts of this folder share; read by them, not run. Needs govc 0.31 or later (its JSON names), jq, and curl where govc has no command.
# shellcheck shell=sh

# Everything that is made is written here before it is made, and undo.sh removes nothing else. One file per vCenter.
made=${PARALLAX_MADE:-$PWD/parallax-vsphere.made}
dry_run=
tab=$(printf '\t')
newline='
'

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# refuse NAME VALUE ALLOWED: what is wrong with the command line or with what was found.
refuse() {
    printf '%s: %s: %s is refused; allowed: %s\n' "${0##*/}" "$1" "'$2'" "$3" >&2
    exit 2
}

# The comment at the head of the script is its help.
help() { sed -n '2,/^[^#]/{/^# shellcheck/d;s/^# \{0,1\}//p;}' "$0"; }

# options "NAME NAME" "$@": sets option_NAME, with _ for -; an option given several times is a list of lines. Every script knows --dry-run and --help.
options() {
    known=$1
    allowed_options="--dry-run --$(printf '%s' "$known" | sed 's/ / --/g')"
    shift
    for name in $known; do
        eval "option_$(variable "$name")="
    done
    while [ $# -gt 0 ]; do
        case $1 in
            --help) help; exit 0 ;;
            --dry-run) dry_run=yes; shift; continue ;;
            --*) option=${1#--} ;;
            *) refuse argument "$1" "$allowed_options" ;;
        esac
        case " $known " in
            *" $option "*) ;;
            *) refuse option "--$option" "$allowed_options" ;;
        esac
        [ -n "${2:-}" ] || refuse "--$option" "" "a value"
        case $2 in
            *"$newline"* | *"$tab"*) refuse "--$option" "$2" "one line without tabs" ;;
        esac
        name=option_$(variable "$option")
        eval "[ -z \"\$$name\" ] || $name=\$$name\$newline; $name=\$$name\$2"
        shift 2
    done
}

variable() { printf '%s' "$1" | tr '-' '_'; }

# required NAME...: options that have to be there.
required() {
    for name in "$@"; do
        eval "value=\$option_$(variable "$name")"
        [ -n "$value" ] || refuse "--$name" "" "a value; see --help"
    done
}

# whole NAME VALUE LEAST MOST
whole() {
    case $2 in
        '' | *[!0-9]* | ??????????*) refuse "$1" "$2" "a whole number $3 to $4" ;;
    esac
    if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
        refuse "$1" "$2" "a whole number $3 to $4"
    fi
}

# one_of NAME VALUE ALLOWED...
one_of() {
    one_of_name=$1
    one_of_value=$2
    shift 2
    for allowed in "$@"; do
        [ "$allowed" != "$one_of_value" ] || return 0
    done
    refuse "$one_of_name" "$one_of_value" "$*"
}

needs() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || fail "needs $tool, which was not found"
    done
    [ -n "${GOVC_URL:-}" ] || refuse GOVC_URL "" "the address of the vCenter; see govc's documentation for GOVC_USERNAME, GOVC_PASSWORD, GOVC_INSECURE"
}

# A command line as it could be typed, for --dry-run.
typed() {
    printf 'would call:'
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./:=,@%+-]* | '') printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
}

# act COMMAND...: every call that changes something goes through here.
act() {
    if [ -n "$dry_run" ]; then
        typed "$@"
    else
        "$@" >&2
    fi
}

# is_made KIND FIELD...: whether this was made by these scripts.
is_made() {
    [ -f "$made" ] && grep -Fqx "$(fields "$@")" "$made"
}

fields() {
    printf '%s' "$1"
    shift
    [ $# -eq 0 ] || printf '\t%s' "$@"
}

# The line is written first: whatever ends the script between the two, undo.sh knows of it and finds nothing to undo.
record() {
    [ -z "$dry_run" ] || return 0
    is_made "$@" || printf '%s\n' "$(fields "$@")" >>"$made" || fail "cannot write $made, nothing was changed"
}

forget() {
    [ -z "$dry_run" ] || return 0
    [ -f "$made" ] || return 0
    line=$(fields "$@")
    grep -Fvx "$line" "$made" >"$made.new" || true
    mv "$made.new" "$made"
    [ -s "$made" ] || rm -f "$made"
}

# find_one TYPE NAME WHAT: the reference TYPE:ID of the one object of that name. TYPE is a letter of "govc find": w switch, g port group, m VM, h host.
find_one() {
    found=$(govc find -i -type "$1" / -name "$2") || fail "the vCenter did not answer"
    case $found in
        '') refuse "$3" "$2" "$(govc find -type "$1" / | sed 's|.*/||' | sort | tr '\n' ' ')" ;;
        *"$newline"*) refuse "$3" "$2" "a name that only one object has; here: $(printf '%s' "$found" | tr '\n' ' ')" ;;
    esac
    printf '%s' "$found"
}

# property REFERENCE PATH: as JSON, null where it is not set. govc wraps a list into an object.
property() {
    if property_answer=$(govc object.collect -json "$1" "$2" 2>/dev/null); then
        printf '%s' "$property_answer" | jq -c '.[0].val | if type == "object" and has("_value") then ._value else . end'
    else
        printf 'null'
    fi
}

# ask COMMAND OPTION...: what govc answers, as JSON. Not piped into jq by those who call it: the exit code of govc would be lost.
ask() {
    command=$1
    shift
    govc "$command" -json "$@"
}

# Every VM with its host and adapters, in one call, one object a line. The type of an adapter is not in it: govc's JSON leaves it out here.
machines() {
    govc object.collect -json -type m / name runtime.host runtime.powerState config.hardware.device | jq -c '
        (.changeSet | map({(.name): .val}) | add) as $vm
        | {id: .obj.value, name: $vm.name, host: $vm["runtime.host"].value, powered: ($vm["runtime.powerState"] == "poweredOn"), adapters: [
            $vm["config.hardware.device"] | if type == "object" then ._value else . end | .[]? | select(.macAddress)
            | {address: .macAddress, network: .backing.deviceName, portgroup: .backing.port.portgroupKey}]}'
}

# The effective security settings of port groups of a standard switch: what the group itself says, else what it inherits. In jq, as "effective".
# shellcheck disable=SC2034,SC2016
effective='def effective($name): .spec.policy.security[$name] as $own | if $own == null then .computedPolicy.security[$name] else $own end;'

# The same of a distributed port group's port setting, in its newer or older form. In jq, as "security".
# shellcheck disable=SC2034,SC2016
security='def security($name): .macManagementPolicy[$name] as $new | if $new == null then .securityPolicy[$name].value else $new end;'

xml() { printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }

# call REFERENCE METHOD BODY: a method of the web service that govc has no command for, through govc's session; waits for its task.
# SOAPAction names the version of the API, without which a vCenter takes the request for one of its oldest version.
call() {
    reference=$1
    method=$2
    envelope=$(
        cat <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Body>
<$method xmlns="urn:vim25"><_this type="${reference%%:*}">${reference#*:}</_this>
$3
</$method>
</Body></Envelope>
EOF
    )
    if [ -n "$dry_run" ]; then
        say "would call: $method of $reference with"
        printf '%s\n' "$3" | sed 's/^/    /'
        return 0
    fi
    needs curl
    address=$(govc env GOVC_URL)
    case $address in
        http://* | https://*) ;;
        *) address=https://$address ;;
    esac
    address=${address%/}
    address=${address%/sdk}
    session=$(govc session.login -l) || fail "could not log in"
    # The session goes to curl through standard input: in its arguments every user of the machine could read it.
    answer=$(
        {
            printf 'header = "Cookie: vmware_soap_session=%s"\n' "$session"
            printf 'header = "SOAPAction: urn:vim25/%s"\n' "$(api_version)"
            printf 'header = "Content-Type: text/xml; charset=utf-8"\n'
            case ${GOVC_INSECURE:-} in 1 | true) printf 'insecure\n' ;; esac
            [ -z "${GOVC_TLS_CA_CERTS:-}" ] || printf 'cacert = "%s"\n' "${GOVC_TLS_CA_CERTS%%:*}"
        } | curl --silent --show-error --max-time 60 --config - --data-binary "$envelope" "$address/sdk"
    ) || fail "$method: no answer from the vCenter"
    task=$(printf '%s' "$answer" | tr -d '\n' | sed -n 's/.*<returnval[^>]*>\([^<]*\)<.*/\1/p')
    case $answer in
        *faultstring*) fail "$method was refused: $(printf '%s' "$answer" | tr -d '\n' | sed 's/.*<faultstring[^>]*>\([^<]*\)<.*/\1/; s/^<?xml.*/(no reason given)/')" ;;
    esac
    [ -n "$task" ] || fail "$method: an answer that names no task: $answer"
    seconds=0
    while [ "$seconds" -lt 120 ]; do
        case $(property "Task:$task" info.state) in
            '"success"') return 0 ;;
            '"error"') fail "$method failed: $(property "Task:$task" info.error.localizedMessage)" ;;
        esac
        sleep 1
        seconds=$((seconds + 1))
    done
    fail "$method: no result within 120 s, task $task"
}

api_version() { govc about -json | jq -r '.about.apiVersion'; }
