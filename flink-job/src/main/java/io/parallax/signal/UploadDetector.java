package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A client sends much to a host that nobody else stores data at. What an upload is worth shows at the receiving end: a store
 * is known by its clients, and the sender can't know them. So memory is kept at the destination, also of hosts outside.
 *
 * <p>Whether many clients use the host is asked once everything of the window was told, so that those of the same window
 * count.
 */
public final class UploadDetector implements Detector<FlowFact, Uploads> {

    static final String TECHNIQUE = "T1048";

    static final Parameter LEAST_OCTETS = new Parameter(
            "least_octets",
            1 << 20,
            1 << 10,
            1e15,
            "1 MiB an hour: a prior of log-normal uploads an hour and new pair, median 4 KiB, a factor of 5.7 a standard"
                    + " deviation, leaves it 7 in 10000 pairs");
    static final Parameter LEAST_RATIO = new Parameter(
            "least_producer_consumer_ratio",
            0.8,
            0,
            1,
            "nine of ten octets go out; sending mail has 0.4, a pure upload 1 (Bullard, Gerth, FloCon 2014)");
    static final Parameter STORE_CLIENTS = new Parameter(
            "store_clients",
            2,
            1,
            Uploads.MOST_CLIENTS - 1,
            "others that move data in bulk with the host: one may be an accomplice, two make it a store");
    static final Parameter BULK_OCTETS = new Parameter(
            "bulk_octets",
            1 << 17,
            1 << 10,
            1e15,
            "128 KiB in an hour either way: an eighth of an upload that is judged");
    static final Parameter LEAST_EVIDENCE = new Parameter(
            "least_evidence",
            Math.log(1e5),
            1,
            100,
            "of a pair with a history: one hour in 100000 that the pair is at work, were it log-normal");

    static final Profile PROFILE = new Profile(
            "upload",
            "upload to a host that takes no data",
            List.of(TECHNIQUE),
            "Octets that each client sends to the host in an hour. With a history: the deviation of their logarithm under"
                    + " Student's distribution. Without: more than a prior allows for a pair that is new. In both cases nine"
                    + " of ten octets go out (producer-consumer ratio), to a service that is not there to be sent data, at a"
                    + " host with which fewer than two others move data in bulk.",
            "A store has several clients, or one of the ports by which data is usually stored inside, or role backup."
                    + " The first client of a new store in the first hours of the job is told once, then it is usual. Not decidable"
                    + " from volume: an upload to a store that others use, mail that bears files away, data that the"
                    + " receiver fetches, and less than the least octets an hour.",
            "One signal a new pair that uploads to a private store, then none while it stays usual; with a history at most 1e-5 a pair and"
                    + " hour at work, were uploads log-normal. Measured: VolumeStudy.",
            TimeUnit.HOURS.toNanos(1),
            2048,
            List.of(LEAST_OCTETS, LEAST_RATIO, STORE_CLIENTS, BULK_OCTETS, LEAST_EVIDENCE));

    /** Flows that move less than a datagram or segment in a window say nothing: scans and floods are made of them. */
    static final long LEAST_FLOW_OCTETS = 1024;

    /** The prior of what a new pair uploads in an hour, in log2 of octets. */
    private static final double PRIOR_MEAN = 12;

    private static final double PRIOR_DEVIATION = 2.5;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        boolean isTransport = fact.protocol() == FlowFact.TCP || fact.protocol() == FlowFact.UDP;
        return fact.kind() == FlowFact.Kind.VOLUME
                && !fact.isOut()
                && isTransport
                && Math.abs(fact.octets()) + Math.abs(fact.reverseOctets()) >= LEAST_FLOW_OCTETS
                && !TransferPorts.isMeasuring(fact);
    }

    @Override
    public Uploads begin() {
        return new Uploads();
    }

    @Override
    public Uploads read(DataInput in) throws IOException {
        return Uploads.readFrom(in);
    }

    @Override
    public void observe(FlowFact fact, Uploads memory, Tuning tuning, Findings findings) {
        Uploads.Client client = memory.client(TransferPorts.hash(fact.source()), fact.time());
        client.moved += fact.octets() + fact.reverseOctets();
        client.isBulk |= client.moved >= tuning.get(PROFILE, BULK_OCTETS);
        boolean isPrivate = TransferPorts.isPrivate(fact.destination());
        boolean isBackup =
                tuning.is(fact.destinationName(), Tuning.BACKUP) || tuning.is(fact.sourceName(), Tuning.BACKUP);
        if (isBackup || (TransferPorts.takesData(fact) && (isPrivate || isMail(fact)))) {
            return;
        }
        if (client.sent == 0) {
            client.since = Math.max(fact.flowStart(), fact.time() - Uploads.CHUNK_NANOS);
        }
        client.sent += fact.octets();
        client.received += fact.reverseOctets();
        if (client.alarmSince != 0) {
            client.alarmSent += fact.octets();
        }
        if (client.alarmSince != 0 || client.sent >= tuning.get(PROFILE, LEAST_OCTETS)) {
            memory.await(client, pending(fact, !isPrivate), fact.time());
        }
    }

    /** Of a relay: it sends outside what others gave it. */
    private static boolean isMail(FlowFact fact) {
        return fact.destinationPort() == 25 || fact.destinationPort() == 465 || fact.destinationPort() == 587;
    }

    private static Uploads.Pending pending(FlowFact fact, boolean isOutside) {
        return new Uploads.Pending(
                fact.realm(),
                fact.sourceName(),
                fact.source(),
                fact.destinationName(),
                fact.flowId(),
                fact.destinationPort(),
                isOutside);
    }

    @Override
    public void elapse(String subject, long time, Uploads memory, Tuning tuning, Findings findings) {
        for (int i = 0; i < memory.count; i++) {
            Uploads.Client client = memory.clients[i];
            Uploads.Pending pending = client.pending;
            if (pending != null) {
                client.pending = null;
                judge(client, pending, memory.othersInBulk(client), tuning, findings);
            }
        }
        memory.settled();
    }

    private static void judge(
            Uploads.Client client, Uploads.Pending pending, int others, Tuning tuning, Findings findings) {
        if (others >= tuning.get(PROFILE, STORE_CLIENTS)) {
            client.alarmSince = 0;
            client.alarmSent = 0;
            return;
        }
        if (client.alarmSince != 0 || isUnusual(client, tuning)) {
            if (client.alarmSince == 0) {
                client.alarmSince = client.since;
                client.alarmSent = client.sent;
            }
            findings.report(finding(client, pending, others, tuning));
        }
    }

    private static boolean isUnusual(Uploads.Client client, Tuning tuning) {
        boolean isUpload =
                ratio(client) >= tuning.get(PROFILE, LEAST_RATIO) && client.sent >= tuning.get(PROFILE, LEAST_OCTETS);
        return isUpload && (client.observations == 0 || evidence(client) >= tuning.get(PROFILE, LEAST_EVIDENCE));
    }

    private static double ratio(Uploads.Client client) {
        return (double) (client.sent - client.received) / Math.max(1, client.sent + client.received);
    }

    private static double evidence(Uploads.Client client) {
        double sent = NormalTail.log2(Math.max(client.sent, client.alarmSent), 1);
        return NormalTail.evidence(
                client.observations == 0 ? (sent - PRIOR_MEAN) / PRIOR_DEVIATION : client.deviation(sent));
    }

    /** Evidence of a pair that goes on after its first hour stays that of a new pair: it is one upload. */
    private static Finding finding(Uploads.Client client, Uploads.Pending pending, int others, Tuning tuning) {
        boolean isNew = client.observations == 0;
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("hours_known", (double) client.observations);
        baseline.put("others_in_bulk", (double) others);
        baseline.put("producer_consumer_ratio", ratio(client));
        baseline.put("usual_octets", isNew ? 0 : Math.pow(2, client.mean));
        double sent = (double) client.alarmSent;
        double fromPrior = NormalTail.evidence((NormalTail.log2(client.alarmSent, 1) - PRIOR_MEAN) / PRIOR_DEVIATION);
        return new Finding(
                pending.clientAddress(),
                pending.realm(),
                pending.client(),
                pending.server(),
                TECHNIQUE,
                client.alarmSince,
                client.last,
                sent,
                tuning.get(PROFILE, LEAST_OCTETS),
                Math.max(evidence(client), fromPrior) - Math.log(1 + others),
                pending.isOutside() ? Severity.HIGH : Severity.MEDIUM,
                baseline,
                List.of(pending.flow()),
                sentence(client, pending, others));
    }

    private static String sentence(Uploads.Client client, Uploads.Pending pending, int others) {
        String usual = client.observations == 0
                ? "to which it had sent nothing of note"
                : "where %.0f octets an hour are usual".formatted(Math.pow(2, client.mean));
        return "%s sent %d octets to port %d of %s, %s, and with which %d others move data in bulk."
                .formatted(pending.client(), client.alarmSent, pending.port(), pending.server(), usual, others);
    }
}
