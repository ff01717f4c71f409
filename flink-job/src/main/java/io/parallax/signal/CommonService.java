package io.parallax.signal;

import io.parallax.wire.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What many hosts do is no sign of one that was taken over: a service of our own network that {@value #REGULAR_CLIENTS} hosts
 * contact at regular intervals is a periodic dependency of all of them, and one that {@value #NEW_CLIENTS} hosts begin to use
 * was deployed. One record lists it, and what was said of single ones is taken back.
 *
 * <p>Clients of one service are found one after the other: what is said of each is held for half an hour, and that it was
 * said is known for five weeks, after which a job of the month has run again.
 *
 * <p>Only of services inside: that several hosts check in at one outside makes it worse. Not of new administration ports: no
 * application is deployed there.
 */
public final class CommonService {

    /** RITA counts a destination as rare while few hosts of a network contact it; one that five do is nobody's own. */
    static final int REGULAR_CLIENTS = 5;

    /** Stated: three clients that fail are an outage of the service, so three that begin are its deployment. */
    static final int NEW_CLIENTS = 3;

    /** Stated: neither a beacon nor a new service is more urgent than that; scans and floods are not held. */
    static final Duration HELD = Duration.ofMinutes(30);

    static final Duration KNOWN = Duration.ofDays(35);

    private static final String BEACON = "beacon";
    private static final String SERVICE = "service";
    private static final String LISTENER = "listener ";

    /**
     * What was handed out at the last signal of a service.
     *
     * @param claims the latest record of each signal: at most as many as make a service common
     * @param held records that were not stated yet, in their order
     */
    public record Known(List<Signal> claims, List<Signal> held) {

        public static final Known NOTHING = new Known(List.of(), List.of());

        public boolean isEmpty() {
            return claims.isEmpty() && held.isEmpty();
        }

        /** When {@link CommonService#release} has something to do; {@link Instant#MAX}: not before a signal. */
        public Instant due() {
            Stream<Instant> stated =
                    held.stream().map(signal -> signal.getDetectedAt().plus(HELD));
            Stream<Instant> old = claims.stream().map(signal -> signal.getEnd().plus(KNOWN));
            return Stream.concat(stated, old).min(Instant::compareTo).orElse(Instant.MAX);
        }

        private boolean isHeld(Signal signal) {
            return held.stream().anyMatch(other -> isSame(other, signal));
        }

        private boolean isStated(Signal signal) {
            return !isHeld(signal) && claims.stream().anyMatch(other -> isSame(other, signal));
        }
    }

    /**
     * What follows.
     *
     * @param said to be stated now
     * @param known to be handed in with the next signal of the service
     * @param isCommon the service is a common one
     */
    public record Verdict(List<Signal> said, Known known, boolean isCommon) {}

    private CommonService() {}

    /** Whether it may turn out to be common. */
    public static boolean isCandidate(Signal signal) {
        String peer = signal.getPeerEntity();
        if (peer == null) {
            return false;
        }
        boolean isBeacon = signal.getDetector().equals(BEACON) && signal.getTechnique() != null;
        boolean isNew = signal.getDetector().equals(SERVICE) && !AdministrationPorts.isOne(port(signal));
        return (isBeacon || isNew) && InsideAddresses.isInside(server(signal));
    }

    private static int port(Signal signal) {
        String key = signal.getKey();
        return Integer.parseInt(key.substring(key.lastIndexOf('/') + 1));
    }

    private static boolean isListener(Signal signal) {
        return signal.getKey().startsWith(LISTENER);
    }

    private static String server(Signal signal) {
        return isListener(signal) ? signal.getEntity() : signal.getPeerEntity();
    }

    private static String client(Signal signal) {
        return isListener(signal) ? signal.getPeerEntity() : signal.getEntity();
    }

    /** Of the service as people name it: what follows the address in the key. */
    private static String name(Signal signal) {
        String key = signal.getKey();
        int first = key.indexOf(' ');
        return isListener(signal) ? key.substring(first + 1) : key.substring(key.indexOf(' ', first + 1) + 1);
    }

    /** The same for all clients of a service. */
    public static String key(Signal signal) {
        return signal.getDetector() + ' ' + server(signal) + ' ' + name(signal);
    }

    /** @param known what was handed out at the last signal of this service */
    public static Verdict judge(Signal signal, Known known) {
        List<Signal> claims = new ArrayList<>(known.claims());
        claims.removeIf(claim -> isOfTheSame(claim, signal));
        claims.add(signal);
        if (isCommon(known.claims())) {
            List<Signal> latest =
                    isCommon(claims.subList(1, claims.size())) ? claims.subList(1, claims.size()) : claims;
            return new Verdict(List.of(), new Known(List.copyOf(latest), List.of()), true);
        }
        if (isCommon(claims)) {
            return new Verdict(takenBack(signal, known, clients(claims)), new Known(claims, List.of()), true);
        }
        if (known.isStated(signal)) {
            return new Verdict(List.of(signal), new Known(claims, known.held()), false);
        }
        List<Signal> held = new ArrayList<>(known.held());
        held.add(signal);
        return new Verdict(List.of(), new Known(claims, held), false);
    }

    /** What was held for long enough is stated, and what was said long ago is forgotten. */
    public static Verdict release(Known known, Instant time) {
        List<Signal> said = new ArrayList<>();
        List<Signal> held = new ArrayList<>();
        for (Signal signal : known.held()) {
            (signal.getDetectedAt().plus(HELD).isAfter(time) ? held : said).add(signal);
        }
        List<Signal> claims = known.claims().stream()
                .filter(claim -> claim.getEnd().plus(KNOWN).isAfter(time))
                .toList();
        return new Verdict(said, new Known(claims, held), isCommon(claims));
    }

    private static boolean isCommon(List<Signal> claims) {
        return !claims.isEmpty() && clients(claims) >= least(claims.get(0));
    }

    private static int least(Signal signal) {
        return signal.getDetector().equals(BEACON) ? REGULAR_CLIENTS : NEW_CLIENTS;
    }

    private static int clients(List<Signal> claims) {
        Set<String> clients = new TreeSet<>();
        claims.forEach(claim -> clients.add(client(claim)));
        return clients.size();
    }

    private static boolean isSame(Signal one, Signal other) {
        return one.getSignalId().equals(other.getSignalId());
    }

    private static boolean isOfTheSame(Signal one, Signal other) {
        return one.getEntity().equals(other.getEntity()) && one.getKey().equals(other.getKey());
    }

    /** The signals that were stated and are not over end, and one says why. */
    private static List<Signal> takenBack(Signal last, Known known, int clients) {
        List<Signal> said = new ArrayList<>();
        boolean isRegular = last.getDetector().equals(BEACON);
        String why = isRegular
                ? "%d hosts contact %s (%s) at regular intervals: a periodic dependency."
                        .formatted(clients, server(last), name(last))
                : "%d hosts began to use %s (%s), which they never did before: a service that was deployed."
                        .formatted(clients, server(last), name(last));
        for (Signal claim : known.claims()) {
            if (known.isStated(claim) && !claim.getState().equals("close")) {
                said.add(Signal.newBuilder(claim)
                        .setRevision(claim.getRevision() + 1)
                        .setState("retracted")
                        .setExplanation(why)
                        .build());
            }
        }
        said.add(listing(last, clients, why));
        return said;
    }

    private static Signal listing(Signal last, int clients, String why) {
        return Signal.newBuilder(last)
                .clearTechnique()
                .clearPeerEntity()
                .setSignalId(SignalIds.of(last.getDetector(), last.getRealm() + ' ' + server(last), key(last), 0))
                .setRevision(1)
                .setState("open")
                .setEntity(server(last))
                .setSeverity(Severity.INFORMATIONAL.label())
                .setScore(0)
                .setBaseline(Map.of("clients", (double) clients))
                .setExplanation(why)
                .build();
    }
}
