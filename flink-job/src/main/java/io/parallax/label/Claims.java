package io.parallax.label;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which MAC address said in ARP or neighbour discovery that an IP address is its own, and from when on. The last one that
 * said so has it. Where two say so by turns, nobody does: one of them is not telling the truth, or both share the address.
 */
public final class Claims {

    private static final Comparator<Claim> ORDER =
            Comparator.comparingLong(Claim::time).thenComparingLong(Claim::mac);

    private final Map<Place, List<Claim>> claims = new HashMap<>();
    private boolean isSorted = true;

    private record Claim(long time, long mac) {}

    /** @param time from which on, ns since the epoch */
    public void add(String realm, Address address, long mac, long time) {
        claims.computeIfAbsent(new Place(realm, address), any -> new ArrayList<>(1))
                .add(new Claim(time, mac));
        isSorted = false;
    }

    /** Who had the address all the time from {@code first} to {@code last}; {@link Tenure#NO_MAC}: nobody that is known. */
    long macOf(String realm, Address address, long first, long last) {
        if (!isSorted) {
            claims.values().forEach(some -> some.sort(ORDER));
            isSorted = true;
        }
        long holder = Tenure.NO_MAC;
        boolean isWhole = true;
        Set<Long> former = new HashSet<>();
        for (Claim claim : claims.getOrDefault(new Place(realm, address), List.of())) {
            if (claim.time() > last) {
                break;
            }
            if (former.contains(claim.mac())) {
                return Tenure.NO_MAC;
            }
            if (claim.mac() != holder) {
                isWhole &= claim.time() <= first;
                former.add(holder);
                holder = claim.mac();
            }
        }
        return isWhole ? holder : Tenure.NO_MAC;
    }
}
