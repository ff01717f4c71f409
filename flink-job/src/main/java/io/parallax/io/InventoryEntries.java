package io.parallax.io;

import io.parallax.label.Address;
import io.parallax.label.Claims;
import io.parallax.label.Inventory;
import io.parallax.label.RealmRule;
import io.parallax.label.Subnet;
import io.parallax.label.Tenure;
import io.parallax.model.StreamName;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers entries of the inventory until one is made of them. */
public final class InventoryEntries {

    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    private final List<Tenure> tenures = new ArrayList<>();
    private final List<Subnet> subnets = new ArrayList<>();
    private final Claims claims = new Claims();
    private final RealmRule realms;
    private final Map<String, String> hostOfSensor = new HashMap<>();

    /** To learn whether entries can be used, which does not depend on realms. */
    public InventoryEntries() {
        this(RealmRule.only(""));
    }

    /** @param realms of neighbours, by where they were heard */
    public InventoryEntries(RealmRule realms) {
        this.realms = realms;
    }

    /**
     * Takes an entry in.
     *
     * @throws WireFormatException if it holds what is not allowed; it is not taken in
     */
    public void add(InventoryEntry entry) throws WireFormatException {
        try {
            require(!entry.getName().isEmpty(), "name", entry.getName(), "not empty");
            switch (entry.getKind()) {
                case Topics.INVENTORY_INTERFACE -> tenures.add(tenure(entry));
                case Topics.INVENTORY_SUBNET ->
                    subnets.add(Subnet.of(
                            entry.getRealm(), Objects.requireNonNullElse(entry.getCidr(), ""), entry.getName()));
                case Topics.INVENTORY_HOST ->
                    entry.getSensors().forEach(sensor -> hostOfSensor.put(sensor, entry.getName()));
                case Topics.INVENTORY_NEIGHBOUR -> addClaim(entry);
                default -> require(false, "kind", entry.getKind(), "interface, subnet, host, neighbour");
            }
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new WireFormatException(
                    WireFormatException.Reason.REFUSED_VALUE,
                    "inventory entry %s: %s".formatted(Topics.inventoryKey(entry), e.getMessage()),
                    e);
        }
    }

    private void addClaim(InventoryEntry entry) {
        String mac = entry.getMacAddress();
        require(mac != null && MAC.matcher(mac).matches(), "mac_address", mac, "02:00:00:00:00:0a");
        require(entry.getAddresses().size() == 1, "addresses", entry.getAddresses(), "one");
        require(entry.getValidFrom() != null, "valid_from", entry.getValidFrom(), "a time");
        claims.add(
                realmOf(entry),
                Address.of(entry.getAddresses().get(0)),
                octets(Objects.requireNonNull(mac)),
                nanos(entry.getValidFrom(), Long.MIN_VALUE));
    }

    /** A producer knows no realms. */
    private String realmOf(InventoryEntry neighbour) {
        String heardBy = neighbour.getName();
        int slash = heardBy.lastIndexOf('/');
        require(slash > 0, "name", heardBy, "SENSOR/INTERFACE");
        String ofStream = realms.of(new StreamName(heardBy.substring(0, slash), heardBy.substring(slash + 1)));
        return realms.ofVlan(Objects.requireNonNullElse(neighbour.getVlanId(), RealmRule.UNTAGGED), ofStream);
    }

    private static long octets(String mac) {
        return HexFormat.fromHexDigitsToLong(mac.replace(":", ""));
    }

    private static Tenure tenure(InventoryEntry entry) {
        long from = nanos(entry.getValidFrom(), Long.MIN_VALUE);
        long to = nanos(entry.getValidTo(), Long.MAX_VALUE);
        require(from < to, "valid_to", entry.getValidTo(), "after valid_from");
        String mac = entry.getMacAddress();
        require(mac == null || MAC.matcher(mac).matches(), "mac_address", mac, "02:00:00:00:00:0a or null");
        require(
                mac != null || !entry.getAddresses().isEmpty(),
                "addresses",
                entry.getAddresses(),
                "one or more where mac_address is null");
        return new Tenure(
                entry.getRealm(),
                from,
                to,
                mac == null ? Tenure.NO_MAC : octets(mac),
                entry.getAddresses().stream().map(Address::of).toList(),
                entry.getName(),
                text(entry.getUuid()),
                text(entry.getApplication()),
                text(entry.getHost()),
                text(entry.getPortGroup()));
    }

    private static long nanos(@Nullable Instant time, long otherwise) {
        return time == null
                ? otherwise
                : Math.addExact(Math.multiplyExact(time.getEpochSecond(), TimeUnit.SECONDS.toNanos(1)), time.getNano());
    }

    private static String text(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }

    private static void require(boolean isAllowed, String field, @Nullable Object value, String allowed) {
        if (!isAllowed) {
            throw new IllegalArgumentException("%s is '%s'; allowed: %s".formatted(field, value, allowed));
        }
    }

    /** @param prefixLength bits of the subnet of an address that no named subnet holds, by protocol family */
    public Inventory inventory(IntUnaryOperator prefixLength) {
        return new Inventory(tenures, subnets, claims, prefixLength);
    }

    /** Host of each sensor that the entries name. */
    public Map<String, String> hostOfSensor() {
        return Map.copyOf(hostOfSensor);
    }
}
