package io.parallax.wire;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Community ID version 1, seed 0: one text for both directions of a flow, the same in every tool that computes it.
 *
 * <p>Source: corelight/community-id-spec. It hashes with SHA-1 seed (2 octets), lower endpoint's address, the other
 * address, protocol, a zero octet and, for protocols with ports, both ports.
 */
public final class CommunityId {

    private static final int MOST_OCTETS = 2 + 16 + 16 + 2 + 4;

    /** Cloned for each use: looking the algorithm up costs more than hashing 40 octets. */
    private static final MessageDigest SHA_1 = sha1();

    private CommunityId() {}

    /**
     * The identifier of a flow whose endpoint "a" is the lower one by address, then port (for one-way ICMP messages: the
     * sender).
     *
     * @param family {@link PacketHeader#FAMILY_IPV4} or {@link PacketHeader#FAMILY_IPV6}
     * @param ported whether the protocol has ports, or ICMP types in their place; without, both ports are left out
     */
    public static String of(
            int family,
            long aHigh,
            long aLow,
            long bHigh,
            long bLow,
            int protocol,
            int aPort,
            int bPort,
            boolean ported) {
        ByteBuffer input = ByteBuffer.allocate(MOST_OCTETS);
        input.putShort((short) 0);
        input.put(Addresses.octets(family, aHigh, aLow));
        input.put(Addresses.octets(family, bHigh, bLow));
        input.put((byte) protocol).put((byte) 0);
        if (ported) {
            input.putShort((short) aPort).putShort((short) bPort);
        }
        return "1:" + Base64.getEncoder().encodeToString(digest(input.flip()));
    }

    private static byte[] digest(ByteBuffer input) {
        try {
            MessageDigest sha1 = (MessageDigest) SHA_1.clone();
            sha1.update(input);
            return sha1.digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the runtime's SHA-1 can be cloned", e);
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }
}
