package io.parallax.local.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.local.cluster.EmbeddedBroker;
import io.parallax.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InventoryCommandTest {

    @TempDir
    Path folder;

    @Test
    void theTopicSaysWhatTheLastFileSaid() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            String servers = broker.bootstrapServers();
            assertThat(load(servers, "name,addresses\na,10.0.0.1\nb,10.0.0.2\n"))
                    .isEqualTo("2 entries written, 0 unchanged, 0 taken back");
            assertThat(load(servers, "name,addresses,host\na,10.0.0.1,esx-1\nc,10.0.0.3,\n"))
                    .isEqualTo("2 entries written, 0 unchanged, 1 taken back");
            assertThat(load(servers, "name,addresses,host\na,10.0.0.1,esx-1\n", "--keep"))
                    .isEqualTo("0 entries written, 1 unchanged, 0 taken back");
            assertThat(run("show", "--bootstrap-servers", servers).lines())
                    .hasSize(2)
                    .anyMatch(line -> line.contains("\"a\"") && line.contains("esx-1"))
                    .anyMatch(line -> line.contains("\"c\""));
        }
    }

    @Test
    void whatIsObservedBeginsAndEndsAndLeavesWhatFilesSay() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            String servers = broker.bootstrapServers();
            load(servers, "name,addresses\nfiled,10.0.0.9\n");
            assertThat(load(servers, "name,addresses\na,10.0.0.1\n", "--observed-at", "2026-01-31T01:00:00Z"))
                    .isEqualTo("1 entries begun, 0 unchanged, 0 ended, 0 taken back, 0 left as files say");
            assertThat(load(servers, "name,addresses\nb,10.0.0.1\n", "--observed-at", "2026-01-31T02:00:00Z"))
                    .isEqualTo("1 entries begun, 0 unchanged, 1 ended, 0 taken back, 0 left as files say");
            assertThat(load(servers, "name,addresses\nfiled,10.0.0.9\n"))
                    .as("a file takes back nothing that was observed")
                    .isEqualTo("0 entries written, 1 unchanged, 0 taken back");
            assertThat(run("show", "--bootstrap-servers", servers).lines()).hasSize(3);
        }
    }

    @Test
    void theTopicIsCompactedAndToShowItDoesNotMakeIt() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            String servers = broker.bootstrapServers();
            assertThat(run("show", "--bootstrap-servers", servers)).isEmpty();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
                assertThat(admin.listTopics().names().get()).doesNotContain(Topics.INVENTORY);
                load(servers, "name,addresses\na,10.0.0.1\n");
                ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.INVENTORY);
                assertThat(admin.describeConfigs(List.of(topic)).all().get().values())
                        .extracting(config -> config.get("cleanup.policy"))
                        .extracting(ConfigEntry::value)
                        .containsExactly("compact");
            }
        }
    }

    /** Else the broker would throw away what the inventory says, by its age. */
    @Test
    void aTopicThatForgetsIsRefused() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            NewTopic forgetful =
                    new NewTopic(Topics.INVENTORY, 1, (short) 1).configs(Map.of("cleanup.policy", "delete"));
            admin.createTopics(List.of(forgetful)).all().get();
            Path file = Files.writeString(folder.resolve("inventory.csv"), "name,addresses\na,10.0.0.1\n");
            assertThat(run(1, "load", "--bootstrap-servers", broker.bootstrapServers(), file.toString()))
                    .contains("topic inventory has cleanup.policy=delete; allowed: compact");
        }
    }

    @Test
    void anObservationIsTakenOnceAndNoneOfThePast() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            String servers = broker.bootstrapServers();
            load(servers, "name,addresses\na,10.0.0.1\n", "--observed-at", "2026-01-31T02:00:00Z");
            assertThat(load(servers, "name,addresses\na,10.0.0.1\n", "--observed-at", "2026-01-31T02:00:00Z"))
                    .isEqualTo("0 entries begun, 1 unchanged, 0 ended, 0 taken back, 0 left as files say");
            Path file = Files.writeString(folder.resolve("b.csv"), "name,addresses\nb,10.0.0.1\n");
            assertThat(run(
                            1,
                            "load",
                            "--bootstrap-servers",
                            servers,
                            "--observed-at",
                            "2026-01-31T01:00:00Z",
                            file.toString()))
                    .contains("observed at 2026-01-31T01:00:00Z; allowed: 2026-01-31T02:00:00Z");
        }
    }

    @Test
    void anAddressOfTwoMachinesIsFoundHoweverItIsWritten() throws Exception {
        Path file = Files.writeString(
                folder.resolve("a.csv"), "name,uuid,addresses\nweb,1,fd00::1\nweb,2,FD00:0:0::0001\n");
        assertThat(run(1, "check", file.toString()))
                .isEqualTo("2 interfaces, 0 subnets, 0 hosts\ndefault fd00::1 is held by both web and web, always");
    }

    @Test
    void whatCannotBeReadIsRefusedByName() throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "name,addresses\nweb,10.0.0.300\n");
        assertThat(run(1, "check", file.toString())).contains("web").contains("10.0.0.300");
        Path vlan = Files.writeString(folder.resolve("b.csv"), "name,addresses,vlan\ndb,10.0.0.3,red\n");
        assertThat(run(1, "check", vlan.toString())).contains("db: vlan is 'red'; allowed: 0 to 4095 or nothing");
        assertThat(run(2, "load", "--bootstrap-servers", "x:1", "--observed-at", "noon", file.toString()))
                .contains("'noon' is no time; allowed: now, or one as 2026-01-31T12:00:00Z");
        assertThat(run(2, "load", "--bootstrap-servers", "x:1", "--observed-at", "now", "--keep", file.toString()))
                .contains("--keep with --observed-at; allowed: one of them");
    }

    /** Made by deploy/vsphere/inventory.sh of a simulated vCenter. */
    @Test
    void whatTheVsphereScriptPrintsIsRead() throws Exception {
        Path export = Path.of(System.getProperty("parallax.root"), "deploy/local/src/test/resources/vcenter.json");
        assertThat(run("check", export.toString())).isEqualTo("4 interfaces, 0 subnets, 2 hosts");
        assertThat(InventoryFile.read(export))
                .anySatisfy(entry -> {
                    assertThat(entry.getName()).isEqualTo("DC0_C0_RP0_VM0");
                    assertThat(entry.getHost()).isEqualTo("DC0_C0_H0");
                    assertThat(entry.getPortGroup()).isEqualTo("DC0_DVPG0");
                    assertThat(entry.getVlanId()).isEqualTo(110);
                    assertThat(entry.getAddresses()).containsExactly("10.10.1.11");
                    assertThat(entry.getMacAddress()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
                })
                .anySatisfy(entry -> assertThat(entry.getSensors()).containsExactly("DC0_C0_RP0_VM1"));
    }

    @Test
    void aFileIsCheckedWithoutABroker() throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "name,addresses\na,10.0.0.1\n");
        assertThat(run("check", file.toString())).isEqualTo("1 interfaces, 0 subnets, 0 hosts");
    }

    private String load(String servers, String csv, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("inventory.csv"), csv);
        String[] arguments = new String[4 + more.length];
        arguments[0] = "load";
        arguments[1] = "--bootstrap-servers";
        arguments[2] = servers;
        arguments[3] = file.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return run(arguments);
    }

    private static String run(String... arguments) {
        return run(0, arguments);
    }

    /** What is printed, errors included. */
    private static String run(int expectedCode, String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        int code = new CommandLine(new InventoryCommand())
                .setOut(printer)
                .setErr(printer)
                .execute(arguments);
        assertThat(code).as(out.toString()).isEqualTo(expectedCode);
        return out.toString().strip();
    }
}
