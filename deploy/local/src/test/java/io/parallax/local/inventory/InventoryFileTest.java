package io.parallax.local.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InventoryFileTest {

    private static final String YAML = """
            virtual_machines:
              - name: web-1
                uuid: 5020a1
                host: esx-1
                application: shop
                port_group: PG-1
                tags: [prod, pci]
                valid_from: 2026-01-31T12:00:00.5Z
                valid_to: 2026-01-31T14:00:00+01:00
                interfaces:
                  - {mac: 00-50-56-AB-01-11, addresses: [10.0.0.1, 'fd00::1'], vlan: 110, realm: blue}
            subnets:
              - {name: web, cidr: 10.0.0.0/24}
            hosts:
              - {name: esx-1, sensors: [capvm1, capvm2]}
            """;

    private static final String JSON = """
            {"virtual_machines": [{"name": "web-1", "uuid": "5020a1", "host": "esx-1", "application": "shop", "port_group": "PG-1",
              "tags": ["prod", "pci"], "valid_from": "2026-01-31T12:00:00.5Z", "valid_to": "2026-01-31T14:00:00+01:00",
              "interfaces": [{"mac": "00-50-56-AB-01-11", "addresses": ["10.0.0.1", "fd00::1"], "vlan": 110, "realm": "blue"}]}],
             "subnets": [{"name": "web", "cidr": "10.0.0.0/24"}],
             "hosts": [{"name": "esx-1", "sensors": ["capvm1", "capvm2"]}]}
            """;

    private static final String CSV = """
            name,uuid,host,application,port_group,tags,mac,addresses,vlan,realm,valid_from,valid_to
            web-1,5020a1,esx-1,shop,PG-1,prod pci,00-50-56-AB-01-11,10.0.0.1 fd00::1,110,blue,2026-01-31T12:00:00.5Z,2026-01-31T14:00:00+01:00
            """;

    @TempDir
    Path folder;

    @Test
    void yamlAndJsonSayTheSame() throws Exception {
        List<InventoryEntry> entries = read("a.yaml", YAML);
        assertThat(entries).isEqualTo(read("a.json", JSON)).hasSize(3);
        InventoryEntry web = entries.get(0);
        assertThat(web.getKind()).isEqualTo(Topics.INVENTORY_INTERFACE);
        assertThat(web.getMacAddress()).isEqualTo("00:50:56:ab:01:11");
        assertThat(web.getValidFrom()).isEqualTo(Instant.parse("2026-01-31T12:00:00.5Z"));
        assertThat(web.getValidTo()).isEqualTo(Instant.parse("2026-01-31T13:00:00Z"));
        assertThat(web.getRealm()).isEqualTo("blue");
        assertThat(web.getTags()).containsExactly("prod", "pci");
        assertThat(entries.get(1).getCidr()).isEqualTo("10.0.0.0/24");
        assertThat(entries.get(2).getSensors()).containsExactly("capvm1", "capvm2");
    }

    @Test
    void aRowOfCsvIsAnInterface() throws Exception {
        assertThat(read("a.csv", CSV)).isEqualTo(read("a.yaml", YAML).subList(0, 1));
    }

    @Test
    void columnsThatAreLeftOutOrEmptyAreNotKnown() throws Exception {
        InventoryEntry entry =
                read("a.csv", "name,addresses,host\nweb-1,10.0.0.1,\n").get(0);
        assertThat(entry.getHost()).isNull();
        assertThat(entry.getMacAddress()).isNull();
        assertThat(entry.getRealm()).isEqualTo("default");
    }

    @Test
    void anEmptyFileIsAnEmptyInventory() throws Exception {
        assertThat(read("a.yaml", "# nobody\n")).isEmpty();
    }

    static List<Arguments> spoilt() {
        return List.of(
                Arguments.of("uuid: 5020a1", "uid: 5020a1", "\"uid\""),
                Arguments.of("vlan: 110", "vlan: 4096", "vlan is '4096'; allowed: 0 to 4095"),
                Arguments.of(
                        "12:00:00.5Z",
                        "12:00:00",
                        "valid_from is '2026-01-31T12:00:00'; allowed: a time with an offset"),
                Arguments.of("name: web-1", "name: ''", "name is ''"),
                Arguments.of("10.0.0.1,", "web.example,", "'web.example' is no IP address"),
                Arguments.of("10.0.0.0/24", "10.0.0.7/24", "'10.0.0.7/24' is no network"),
                Arguments.of("00-50-56-AB-01-11", "0050.56ab.0111", "mac_address is '0050.56ab.0111'"),
                Arguments.of("- {name: esx-1", "- {name: esx-1}\n  - {name: esx-1", "is there twice"),
                Arguments.of("[prod, pci]", "[prod, pci", "line 7"));
    }

    /** Each time one thing of the file is spoilt, and the message names it. */
    @ParameterizedTest
    @MethodSource("spoilt")
    void whatIsNotAllowedIsNamed(String right, String wrong, String message) {
        assertThat(YAML).contains(right);
        assertThatThrownBy(() -> read("a.yaml", YAML.replace(right, wrong)))
                .isInstanceOf(InventoryException.class)
                .hasMessageContaining("a.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void anotherKindOfFileIsRefused() {
        assertThatThrownBy(() -> read("a.xml", "<x/>")).hasMessageContaining("'xml'; allowed: .json");
    }

    @Test
    void anAddressOfTwoMachinesAtATimeIsAConflict() throws Exception {
        String two = """
                name,addresses,valid_from,valid_to
                a,10.0.0.1,,2026-01-01T00:00:10Z
                b,10.0.0.1,2026-01-01T00:00:10Z,
                c,10.0.0.1,2026-01-01T00:00:20Z,
                """;
        assertThat(Conflicts.of(read("a.csv", two)))
                .containsExactly("default 10.0.0.1 is held by both b and c from 2026-01-01T00:00:20Z on");
    }

    private List<InventoryEntry> read(String name, String text) throws IOException {
        return InventoryFile.read(Files.writeString(folder.resolve(name), text));
    }
}
