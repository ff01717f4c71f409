package io.parallax.signal;

import io.parallax.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What many hosts do is no sign of one that was taken over: a service of our own network that {@value #CLIENTS} hosts contact
 * at regular intervals is a periodic dependency of all of them, and what was said of the first ones is taken back.
 *
 * <p>Only of services inside: that several hosts check in at one outside makes it worse.
 */
public final class CommonService {

    /** RITA counts a destination as rare while few hosts of a network contact it; one that five do is nobody's own. */
    static final int CLIENTS = 5;

    private static final String DETECTOR = "beacon";

    /**
     * What follows from a signal.
     *
     * @param said to be stated now
     * @param known to be handed in with the next one
     * @param isCommon the service is a common one
     */
    public record Verdict(List<Signal> said, List<Signal> known, boolean isCommon) {}

    private CommonService() {}

    /** Whether it may turn out to be common. */
    public static boolean isCandidate(Signal signal) {
        String peer = signal.getPeerEntity();
        return signal.getDetector().equals(DETECTOR)
                && signal.getTechnique() != null
                && peer != null
                && InsideAddresses.isInside(peer);
    }

    /** The same for all clients of a service. */
    public static String key(Signal signal) {
        return signal.getDetector() + ' ' + signal.getKey();
    }

    /** @param known what was handed out at the last signal of this service */
    public static Verdict judge(Signal signal, List<Signal> known) {
        List<Signal> claims = new ArrayList<>(known);
        boolean wasCommon = claims.size() >= CLIENTS;
        boolean isKnown = claims.removeIf(claim -> claim.getSignalId().equals(signal.getSignalId()));
        if (wasCommon) {
            return new Verdict(List.of(), known, true);
        }
        boolean isOver = signal.getState().equals("close");
        if (isOver || isKnown) {
            if (!isOver) {
                claims.add(signal);
            }
            return new Verdict(List.of(signal), claims, false);
        }
        claims.add(signal);
        if (claims.size() < CLIENTS) {
            return new Verdict(List.of(signal), claims, false);
        }
        return new Verdict(takenBack(signal, known), claims, true);
    }

    /** The signals that were stated end, and one says why. */
    private static List<Signal> takenBack(Signal last, List<Signal> stated) {
        List<Signal> said = new ArrayList<>();
        String service = last.getKey().substring(last.getKey().indexOf(' ', DETECTOR.length() + 1) + 1);
        String why = "%d hosts contact %s (%s) at regular intervals: a periodic dependency."
                .formatted(CLIENTS, last.getPeerEntity(), service);
        for (Signal signal : stated) {
            said.add(Signal.newBuilder(signal)
                    .setRevision(signal.getRevision() + 1)
                    .setState("retracted")
                    .setExplanation(why)
                    .build());
        }
        said.add(Signal.newBuilder(last)
                .clearTechnique()
                .clearPeerEntity()
                .setSignalId(SignalIds.of(DETECTOR, last.getRealm() + ' ' + last.getPeerEntity(), last.getKey(), 0))
                .setRevision(1)
                .setEntity(last.getPeerEntity())
                .setSeverity(Severity.INFORMATIONAL.label())
                .setScore(0)
                .setBaseline(Map.of("clients", (double) CLIENTS))
                .setExplanation(why)
                .build());
        return said;
    }
}
