package io.parallax.signal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names signals so that every run over the same input names them alike. */
final class SignalIds {

    private static final int OCTETS = 8;

    private SignalIds() {}

    /** First 64 bits of SHA-256, in hexadecimal: two of a million signals share one with a chance of 3 in 10^8. */
    static String of(String detector, String subject, String key, long since) {
        String text = detector + '\n' + subject + '\n' + key + '\n' + since;
        byte[] hash = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, OCTETS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
