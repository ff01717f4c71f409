package io.parallax.flow;

/**
 * What happened first in a connection, as letters in their order (Zeek, conn.log, history): S SYN, H SYN with ACK, A bare
 * acknowledgment, D data, F FIN, R RST, T retransmission, W zero window. A direction has eight numbers of 4 bits, one per
 * letter: its place in the common order of both directions, from 1 on, 0 for a letter that has not happened. Two
 * directions have sixteen letters: the last one shares place 15.
 */
final class TcpHistory {

    static final int SYN = 0;
    static final int SYN_ACK = 1;
    static final int ACK = 2;
    static final int DATA = 3;
    static final int FIN = 4;
    static final int RST = 5;
    static final int RETRANSMISSION = 6;
    static final int ZERO_WINDOW = 7;

    private static final String LETTERS = "SHADFRTW";
    private static final String REVERSE_LETTERS = "shadfrtw";
    private static final int LAST_PLACE = 15;

    private TcpHistory() {}

    static boolean has(int places, int letter) {
        return place(places, letter) != 0;
    }

    private static int place(int places, int letter) {
        return (places >>> (4 * letter)) & LAST_PLACE;
    }

    /** The places with a letter that had not happened, after all that have. */
    static int with(int places, int otherPlaces, int letter) {
        int place = Math.min(LAST_PLACE, Math.max(latest(places), latest(otherPlaces)) + 1);
        return places | (place << (4 * letter));
    }

    private static int latest(int places) {
        int latest = 0;
        for (int rest = places; rest != 0; rest >>>= 4) {
            latest = Math.max(latest, rest & LAST_PLACE);
        }
        return latest;
    }

    /** Both directions' letters in their order, those of the source in upper case. */
    static String text(int source, int destination) {
        StringBuilder text = new StringBuilder();
        for (int place = 1; place <= LAST_PLACE; place++) {
            append(text, LETTERS, source, place);
            append(text, REVERSE_LETTERS, destination, place);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String letters, int places, int place) {
        for (int letter = 0; letter < letters.length(); letter++) {
            if (place(places, letter) == place) {
                text.append(letters.charAt(letter));
            }
        }
    }
}
