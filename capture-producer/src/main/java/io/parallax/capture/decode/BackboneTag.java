package io.parallax.capture.decode;

/**
 * The service tag of provider backbone bridges, IEEE 802.1ah (now 802.1Q clause 9.7), from behind its EtherType. A whole
 * customer frame follows.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | PCP |D|U| Res |         Backbone service identifier           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class BackboneTag {

    private static final int LENGTH = 4;

    private BackboneTag() {}

    static Layer read(Cursor cursor) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        cursor.advance(LENGTH);
        return Layer.ETHERNET;
    }
}
