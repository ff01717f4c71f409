package io.parallax.label;

import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which realm, that is routing domain, a header belongs to: by its overlay, else by its outermost VLAN, else by the interface,
 * else by the sensor that saw it, else the common one. All places at which a flow is seen have to be of one realm, or it is
 * as many flows.
 */
public final class RealmRule implements Serializable {

    private static final long serialVersionUID = 1L;

    /** No VLAN tag. */
    public static final int UNTAGGED = -1;

    public static final String ALLOWED =
            "SENSOR, SENSOR/INTERFACE, vlan:1 to vlan:4094 or overlay:0 to overlay:16777215";

    private static final Pattern NUMBERED = Pattern.compile("(vlan|overlay):(\\d{1,8})");
    private static final int MOST_VLAN = 4094;
    private static final int MOST_OVERLAY = 0xFF_FFFF;
    private static final int VLAN_BITS = 16;

    private final String otherwise;
    private final Map<String, String> ofStreams = new HashMap<>();
    private final Numbered ofVlans = new Numbered();
    private final Numbered ofOverlays = new Numbered();

    /** Realms by sorted numbers, so that asking costs no object. */
    private static final class Numbered implements Serializable {

        private static final long serialVersionUID = 1L;

        private int[] numbers = {};
        private String[] realms = {};

        void put(int number, String realm) {
            int at = -Arrays.binarySearch(numbers, number) - 1;
            int[] more = Arrays.copyOf(numbers, numbers.length + 1);
            String[] moreRealms = Arrays.copyOf(realms, more.length);
            System.arraycopy(numbers, at, more, at + 1, numbers.length - at);
            System.arraycopy(realms, at, moreRealms, at + 1, realms.length - at);
            more[at] = number;
            moreRealms[at] = realm;
            numbers = more;
            realms = moreRealms;
        }

        String get(int number, String otherwise) {
            int at = numbers.length == 0 ? -1 : Arrays.binarySearch(numbers, number);
            return at < 0 ? otherwise : realms[at];
        }
    }

    private RealmRule(String otherwise) {
        this.otherwise = otherwise;
    }

    /** One realm for all. */
    public static RealmRule only(String realm) {
        return new RealmRule(realm);
    }

    /**
     * A rule.
     *
     * @param otherwise realm of what no place names
     * @param places realms by what {@value #ALLOWED} names
     * @throws IllegalArgumentException if a place is none of these
     */
    public static RealmRule of(String otherwise, Map<String, String> places) {
        RealmRule rule = new RealmRule(otherwise);
        places.forEach(rule::put);
        return rule;
    }

    private void put(String place, String realm) {
        Matcher numbered = NUMBERED.matcher(place);
        if (!numbered.matches()) {
            if (place.isEmpty() || place.indexOf(':') >= 0 || realm.isEmpty()) {
                throw refused(place, realm);
            }
            ofStreams.put(place, realm);
            return;
        }
        int number = Integer.parseInt(numbered.group(2));
        boolean isVlan = numbered.group(1).equals("vlan");
        if (realm.isEmpty() || (isVlan && number == 0) || number > (isVlan ? MOST_VLAN : MOST_OVERLAY)) {
            throw refused(place, realm);
        }
        (isVlan ? ofVlans : ofOverlays).put(number, realm);
    }

    private static IllegalArgumentException refused(String place, String realm) {
        return new IllegalArgumentException("%s=%s".formatted(place, realm));
    }

    /** Realm of what a stream saw without an overlay or VLAN that has one of its own. */
    public String of(StreamName stream) {
        if (ofStreams.isEmpty()) {
            return otherwise;
        }
        String realm = ofStreams.get(stream.sensorId() + "/" + stream.interfaceName());
        return realm != null ? realm : ofStreams.getOrDefault(stream.sensorId(), otherwise);
    }

    /** @param ofStream {@link #of(StreamName)} of the stream that saw the header */
    public String of(PacketHeader header, String ofStream) {
        int vlan = header.vlanCount == 0
                ? UNTAGGED
                : (int) (header.vlanStack >>> ((header.vlanCount - 1) * VLAN_BITS)) & 0xFFFF;
        return header.overlayId == PacketHeader.NO_OVERLAY
                ? ofVlan(vlan, ofStream)
                : ofOverlays.get(header.overlayId, ofVlan(vlan, ofStream));
    }

    /** @param vlan outermost VLAN identifier, or {@link #UNTAGGED} */
    public String ofVlan(int vlan, String ofStream) {
        return ofVlans.get(vlan, ofStream);
    }
}
