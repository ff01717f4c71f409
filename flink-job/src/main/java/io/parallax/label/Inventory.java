package io.parallax.label;

import io.parallax.model.Label;
import io.parallax.model.NetworkMask;
import io.parallax.wire.Addresses;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of who held an address when. Names are never guessed: where the inventory gives an address to two
 * virtual machines, or a frame shows that another one sends from it, nobody is named.
 *
 * <p>Never changes but for a memory of subnets; one thread.
 */
public final class Inventory {

    /** Labels of unnamed subnets that are remembered; their text is made anew beyond. */
    private static final int MOST_REMEMBERED = 65_536;

    private final Map<Place, List<Tenure>> byAddress = new HashMap<>();
    private final Map<Card, List<Tenure>> byMac = new HashMap<>();
    private final List<Subnet> subnets;
    private final IntUnaryOperator prefixLength;
    private final Map<Place, Label> strangers = new HashMap<>();
    private final Handovers handovers;
    private final Claims claims;
    private final boolean isAskingClaims;

    private record Card(String realm, long mac) {}

    /**
     * @param claims of addresses, where the inventory knows an interface by its MAC address alone
     * @param prefixLength bits of the subnet of an address that no named subnet holds, by protocol family
     */
    public Inventory(
            Collection<Tenure> tenures, Collection<Subnet> subnets, Claims claims, IntUnaryOperator prefixLength) {
        this.claims = claims;
        this.isAskingClaims =
                tenures.stream().anyMatch(tenure -> tenure.addresses().isEmpty());
        this.prefixLength = prefixLength;
        this.handovers = new Handovers(tenures);
        this.subnets = new ArrayList<>(subnets);
        this.subnets.sort(
                Comparator.comparingInt(Subnet::prefixLength).reversed().thenComparing(Subnet::name));
        for (Tenure tenure : tenures) {
            for (Address address : tenure.addresses()) {
                byAddress
                        .computeIfAbsent(new Place(tenure.realm(), address), place -> new ArrayList<>(1))
                        .add(tenure);
            }
            if (tenure.mac() != Tenure.NO_MAC) {
                byMac.computeIfAbsent(new Card(tenure.realm(), tenure.mac()), card -> new ArrayList<>(1))
                        .add(tenure);
            }
        }
    }

    /** Of an estate of which nothing is known. */
    public static Inventory empty(IntUnaryOperator prefixLength) {
        return new Inventory(List.of(), List.of(), new Claims(), prefixLength);
    }

    /** Whether what is claimed can change any name: there are interfaces without known addresses. */
    public boolean isAskingClaims() {
        return isAskingClaims;
    }

    /** When addresses went from one machine to another. */
    public Handovers handovers() {
        return handovers;
    }

    /**
     * What names {@code address}.
     *
     * @param first time of the first packet that is to be labelled, ns since the epoch
     * @param last of the last one: who held the address only part of the time is not named
     * @param macs that were seen with the address
     */
    public Label labelOf(String realm, Address address, long first, long last, MacEvidence macs) {
        List<Tenure> holders = overlapping(byAddress.get(new Place(realm, address)), first, last);
        List<Tenure> senders = overlapping(byMac.get(new Card(realm, macs.sender())), first, last);
        List<Tenure> seen = holders.size() > 1 ? withMac(holders, macs) : holders;
        List<Tenure> candidates = seen.isEmpty() ? holders : seen;
        boolean isOtherSender = !senders.isEmpty() && !candidates.isEmpty() && !haveCommonMachine(candidates, senders);
        if (isOtherSender) {
            return stranger(realm, address);
        }
        boolean isByAddress = !candidates.isEmpty();
        List<Tenure> named = isByAddress
                ? candidates
                : withoutAddresses(macs.isSilent() ? claimants(realm, address, first, last) : senders);
        return label(realm, address, named, isByAddress, first, last);
    }

    /** Who said that the address is theirs: asked for where nobody sent a frame that tells. */
    private List<Tenure> claimants(String realm, Address address, long first, long last) {
        if (!isAskingClaims) {
            return List.of();
        }
        return overlapping(byMac.get(new Card(realm, claims.macOf(realm, address, first, last))), first, last);
    }

    /** Of a machine whose addresses are known, another address is none, whatever it sends: replies do not go to it. */
    private static List<Tenure> withoutAddresses(List<Tenure> senders) {
        return senders.stream().filter(sender -> sender.addresses().isEmpty()).toList();
    }

    private static List<Tenure> overlapping(@Nullable List<Tenure> tenures, long first, long last) {
        if (tenures == null) {
            return List.of();
        }
        for (Tenure tenure : tenures) {
            if (!tenure.overlaps(first, last)) {
                return tenures.stream().filter(one -> one.overlaps(first, last)).toList();
            }
        }
        return tenures;
    }

    private static List<Tenure> withMac(List<Tenure> holders, MacEvidence macs) {
        return holders.stream().filter(holder -> macs.has(holder.mac())).toList();
    }

    private static boolean haveCommonMachine(List<Tenure> some, List<Tenure> others) {
        return some.stream().anyMatch(one -> others.stream().anyMatch(one::isOfSameMachine));
    }

    private Label label(
            String realm, Address address, List<Tenure> tenures, boolean isByAddress, long first, long last) {
        if (tenures.isEmpty() || !isOneMachineThroughout(tenures, first, last)) {
            return stranger(realm, address);
        }
        Tenure one = tenures.get(0);
        return new Label(
                one.virtualMachine(),
                one.uuid(),
                agreed(tenures, one.application(), Tenure::application),
                agreed(tenures, one.host(), Tenure::host),
                agreed(tenures, one.portGroup(), Tenure::portGroup),
                stranger(realm, address).subnet(),
                isByAddress ? Label.BY_ADDRESS : Label.BY_MAC);
    }

    /** All are of one virtual machine, and together leave no time out. */
    private static boolean isOneMachineThroughout(List<Tenure> tenures, long first, long last) {
        Tenure one = tenures.get(0);
        if (tenures.size() == 1) {
            return one.covers(first, last);
        }
        if (!tenures.stream().allMatch(one::isOfSameMachine)) {
            return false;
        }
        long reached = first;
        for (Tenure tenure :
                tenures.stream().sorted(Comparator.comparingLong(Tenure::from)).toList()) {
            if (tenure.from() > reached) {
                return false;
            }
            reached = Math.max(reached, tenure.to());
        }
        return reached > last;
    }

    /** What all of them say, nothing where they differ: a virtual machine that moved meanwhile was at no one host. */
    private static String agreed(List<Tenure> tenures, String text, Function<Tenure, String> part) {
        return tenures.stream().map(part).allMatch(text::equals) ? text : "";
    }

    /** The label of an address that nobody is known to hold. */
    private Label stranger(String realm, Address address) {
        for (Subnet subnet : subnets) {
            if (subnet.realm().equals(realm) && subnet.holds(address)) {
                return Label.unattributed(subnet.name());
            }
        }
        int family = address.family();
        int bits = prefixLength.applyAsInt(family);
        Address network = new Address(
                family, address.high() & NetworkMask.high(family, bits), address.low() & NetworkMask.low(family, bits));
        Place place = new Place(realm, network);
        Label known = strangers.get(place);
        if (known == null) {
            known = Label.unattributed(Addresses.subnet(family, network.high(), network.low(), bits));
            if (strangers.size() < MOST_REMEMBERED) {
                strangers.put(place, known);
            }
        }
        return known;
    }
}
