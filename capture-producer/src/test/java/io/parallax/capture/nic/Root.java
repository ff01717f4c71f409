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
        String refusal = refusalOfNamespaces();
        assumeTrue(
                refusal.isEmpty(),
                () -> "skipped: tests over live interfaces make namespaces and veth pairs with ip(8): " + refusal);
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

    /** Why none can be made; empty if they can. */
    private static String refusalOfNamespaces() {
        String name = "pxprobe" + ProcessHandle.current().pid();
        try {
            Ip.run("ip", "netns", "add", name);
            try {
                Ip.run("ip", "-n", name, "link", "add", "px0", "type", "veth", "peer", "name", "px1");
                return "";
            } finally {
                Ip.run("ip", "netns", "del", name);
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
