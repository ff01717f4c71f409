package io.parallax.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.model.Label;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who held an address when. Times are plain numbers. */
final class InventoryTest {

    private static final Address WEB = Address.of("10.10.1.10");
    private static final Address OTHER = Address.of("10.10.2.99");
    private static final long MAC_A = 0x02_00_00_00_00_0AL;
    private static final long MAC_B = 0x02_00_00_00_00_0BL;
    private static final long ROUTER = 0x02_00_00_00_00_FEL;

    private final MacEvidence macs = new MacEvidence();
    private final Claims claims = new Claims();

    @Test
    void aRowIsNamedByWhoHeldTheAddressAllItsTime() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A, WEB), tenure("b", 100, 200, MAC_B, WEB));
        assertThat(name(inventory, WEB, 0, 99)).isEqualTo("a");
        assertThat(name(inventory, WEB, 100, 199)).isEqualTo("b");
        assertThat(name(inventory, WEB, 150, 200)).as("beyond the end").isEmpty();
        assertThat(name(inventory, WEB, 90, 110)).as("of two").isEmpty();
    }

    @Test
    void aMacAddressTellsTheHoldersOfOneAddressApart() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A, WEB), tenure("b", 0, 100, MAC_B, WEB));
        assertThat(name(inventory, WEB, 1, 2)).as("conflict").isEmpty();
        macs.add(ROUTER);
        assertThat(name(inventory, WEB, 1, 2)).isEmpty();
        macs.add(MAC_B);
        assertThat(name(inventory, WEB, 1, 2)).isEqualTo("b");
    }

    @Test
    void whereNobodyWasSeenSendingTheOneThatClaimedTheAddressIsNamed() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A), tenure("b", 0, 100, MAC_B));
        claims.add("r", OTHER, MAC_A, 10);
        claims.add("r", OTHER, MAC_A, 5);
        assertThat(name(inventory, OTHER, 5, 90)).isEqualTo("a");
        assertThat(name(inventory, OTHER, 4, 90)).as("from before it did").isEmpty();
        macs.add(ROUTER);
        assertThat(name(inventory, OTHER, 5, 90)).as("a router forwarded to it").isEqualTo("a");
        macs.addSender(ROUTER);
        assertThat(name(inventory, OTHER, 5, 90)).as("an unknown one sends").isEmpty();
    }

    @Test
    void whoeverClaimedAnAddressLastHasItUnlessTwoDoByTurns() {
        Inventory inventory = of(tenure("a", 0, 200, MAC_A), tenure("b", 0, 200, MAC_B));
        claims.add("r", OTHER, MAC_B, 50);
        claims.add("r", OTHER, MAC_A, 10);
        assertThat(name(inventory, OTHER, 10, 49)).isEqualTo("a");
        assertThat(name(inventory, OTHER, 40, 60)).as("of two").isEmpty();
        assertThat(name(inventory, OTHER, 50, 120)).isEqualTo("b");
        claims.add("r", OTHER, MAC_A, 90);
        assertThat(name(inventory, OTHER, 50, 89)).isEqualTo("b");
        assertThat(name(inventory, OTHER, 95, 120)).as("contested").isEmpty();
    }

    /** The inventory's word goes before what anybody on the link says. */
    @Test
    void nobodyClaimsAnAddressThatTheInventoryGivesToAnother() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A, WEB), tenure("b", 0, 100, MAC_B));
        claims.add("r", WEB, MAC_B, 0);
        assertThat(name(inventory, WEB, 10, 20)).isEqualTo("a");
        Inventory known = of(tenure("a", 0, 100, MAC_A, WEB));
        claims.add("r", OTHER, MAC_A, 0);
        assertThat(name(known, OTHER, 10, 20)).as("its addresses are known").isEmpty();
    }

    @Test
    void anAddressThatAnotherMachineSendsFromIsNobodys() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A, WEB), tenure("b", 0, 100, MAC_B, OTHER));
        macs.addSender(MAC_B);
        assertThat(name(inventory, WEB, 1, 2)).isEmpty();
        assertThat(name(inventory, OTHER, 1, 2)).isEqualTo("b");
    }

    @Test
    void anUnknownAddressIsNamedByTheMacAddressOfWhoSendsFromIt() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A));
        macs.add(MAC_A);
        assertThat(name(inventory, OTHER, 1, 2))
                .as("a router's frame may bear it")
                .isEmpty();
        macs.addSender(MAC_A);
        assertThat(inventory.labelOf("r", OTHER, 1, 2, macs).attribution()).isEqualTo(Label.BY_MAC);
        assertThat(name(inventory, OTHER, 1, 2)).isEqualTo("a");
        macs.addSender(MAC_B);
        assertThat(name(inventory, OTHER, 1, 2)).as("two send from it").isEmpty();
    }

    @Test
    void aForgedAddressIsNotThatOfTheMachineThatForgesIt() {
        macs.addSender(MAC_A);
        assertThat(name(of(tenure("a", 0, 100, MAC_A, WEB)), OTHER, 1, 2)).isEmpty();
    }

    @Test
    void aMachineThatMovedKeepsItsNameAndIsAtNoOneHost() {
        Inventory inventory =
                of(at("esx-1", tenure("a", 0, 100, MAC_A, WEB)), at("esx-2", tenure("a", 100, 200, MAC_A, WEB)));
        Label moving = inventory.labelOf("r", WEB, 50, 150, macs);
        assertThat(moving.virtualMachine()).isEqualTo("a");
        assertThat(moving.host()).isEmpty();
        assertThat(inventory.labelOf("r", WEB, 100, 150, macs).host()).isEqualTo("esx-2");
    }

    @Test
    void aGapBetweenTwoStaysOfOneMachineNamesNobody() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A, WEB), tenure("a", 110, 200, MAC_A, WEB));
        assertThat(name(inventory, WEB, 50, 150)).isEmpty();
    }

    @Test
    void realmsAreApart() {
        Inventory inventory = of(tenure("a", 0, 100, MAC_A, WEB));
        assertThat(inventory.labelOf("s", WEB, 1, 2, macs).virtualMachine()).isEmpty();
    }

    @Test
    void aSubnetIsTheLongestThatHoldsTheAddressAndElseANetworkOfTheCommonLength() {
        Inventory inventory = new Inventory(
                List.of(),
                List.of(Subnet.of("r", "10.10.0.0/16", "campus"), Subnet.of("r", "10.10.1.0/24", "web")),
                claims,
                family -> 24);
        assertThat(inventory.labelOf("r", WEB, 1, 2, macs).subnet()).isEqualTo("web");
        assertThat(inventory.labelOf("r", OTHER, 1, 2, macs).subnet()).isEqualTo("campus");
        assertThat(inventory.labelOf("r", Address.of("192.0.2.7"), 1, 2, macs).subnet())
                .isEqualTo("192.0.2.0/24");
        assertThat(inventory.labelOf("s", WEB, 1, 2, macs).subnet()).isEqualTo("10.10.1.0/24");
    }

    @Test
    void aNameIsNoAddressAndNobodyIsAskedForIt() {
        assertThatThrownBy(() -> Address.of("localhost")).hasMessageContaining("'localhost' is no IP address");
        assertThatThrownBy(() -> Address.of("1.2.3.400")).hasMessageContaining("no IP address");
        assertThatThrownBy(() -> Subnet.of("r", "10.0.0.1/24", "x")).hasMessageContaining("CIDR");
        assertThatThrownBy(() -> Subnet.of("r", "10.0.0.0/33", "x")).hasMessageContaining("CIDR");
        assertThat(Address.of("fd00::1").low()).isEqualTo(1);
    }

    private String name(Inventory inventory, Address address, long first, long last) {
        return inventory.labelOf("r", address, first, last, macs).virtualMachine();
    }

    private Inventory of(Tenure... tenures) {
        return new Inventory(List.of(tenures), List.of(), claims, family -> 24);
    }

    private static Tenure tenure(String machine, long from, long to, long mac, Address... addresses) {
        return new Tenure("r", from, to, mac, List.of(addresses), machine, "", "", "", "");
    }

    private static Tenure at(String host, Tenure tenure) {
        return new Tenure(
                tenure.realm(),
                tenure.from(),
                tenure.to(),
                tenure.mac(),
                tenure.addresses(),
                tenure.virtualMachine(),
                "",
                "",
                host,
                "");
    }
}
