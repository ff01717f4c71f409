package io.parallax.capture.nic;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** What tests over real interfaces need and a developer's machine may lack. */
public final class Root {

    private Root() {}

    /** Skips the calling test, saying why, where interfaces can't be made. */
    public static void orSkip() {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "skipped: tests over live interfaces make veth pairs and capture on them, which takes root");
        assumeTrue(
                canMakeNamespaces(),
                "skipped: tests over live interfaces need ip(8), and leave to make namespaces and veth pairs");
        libpcapOrSkip();
    }

    /** Skips the calling test where there is no libpcap. */
    public static void libpcapOrSkip() {
        assumeTrue(hasLibpcap(), "skipped: this test needs libpcap; apt-get install libpcap0.8");
    }

    private static boolean hasLibpcap() {
        try {
            Nic.checkFilter("ip");
            return true;
        } catch (NicException e) {
            return false;
        }
    }

    private static boolean canMakeNamespaces() {
        String name = "pxprobe" + ProcessHandle.current().pid();
        try {
            Ip.run("ip", "netns", "add", name);
            try {
                Ip.run("ip", "-n", name, "link", "add", "a", "type", "veth", "peer", "name", "b");
                return true;
            } finally {
                Ip.run("ip", "netns", "del", name);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
