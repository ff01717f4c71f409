package io.parallax.signal;

import io.parallax.model.NeighbourFact;
import io.parallax.wire.Addresses;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A host that answers DHCP clients on a link where others have done so until now. Its subject is the link. */
public final class RogueDhcpDetector implements Detector<NeighbourFact, RogueDhcpDetector.Servers> {

    private static final int MOST_SERVERS = 8;
    private static final long REMEMBERED_NANOS = TimeUnit.DAYS.toNanos(30);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    static final Parameter LEARNING = new Parameter(
            "learning_seconds",
            600,
            0,
            604_800,
            "servers of a link answer the same question of a client, so that a few minutes show all of them; assumed");

    static final Parameter ANSWERS = new Parameter(
            "learnt_answers", 20, 1, 10_000, "p is at most 2/21 then (rule of succession), for one server");

    static final Profile PROFILE = new Profile(
            "rogue-dhcp",
            "a host that answers DHCP clients and did not before",
            List.of("T1557.003"),
            "Source addresses of answers from UDP port 67 to port 68 (RFC 2131), per VLAN: those of the first 600 s, and until"
                    + " 20 answers were seen, are the link's servers and relays; p of another one is that of the rule of"
                    + " succession, (servers + 1) / (answers + 2).",
            "No forger at work while servers are learnt. What an answer offers is payload, which is not captured: a server that"
                    + " was added on purpose looks alike, until it has role dhcp. Entities are addresses.",
            "One signal for each server that is added to a link.",
            TimeUnit.MINUTES.toNanos(30),
            512,
            List.of(LEARNING, ANSWERS));

    private static final class Server {
        private final String address;
        private final long first;
        private final boolean isLearnt;
        private long last;
        private int answers;

        private Server(String address, long first, boolean isLearnt) {
            this.address = address;
            this.first = first;
            this.isLearnt = isLearnt;
        }
    }

    /** Servers of one link. Learnt ones are kept for 30 days without an answer. */
    public static final class Servers implements Memory {

        private static final int VERSION = 1;

        private final List<Server> servers = new ArrayList<>();
        private long begun = Long.MIN_VALUE;

        private int learntAnswers() {
            return servers.stream()
                    .filter(server -> server.isLearnt)
                    .mapToInt(server -> server.answers)
                    .sum();
        }

        private Server find(NeighbourFact fact, boolean isLearning) {
            for (Server server : servers) {
                if (server.address.equals(fact.sender())) {
                    return server;
                }
            }
            if (servers.size() == MOST_SERVERS) {
                servers.remove(servers.stream()
                        .min(Comparator.comparing((Server server) -> server.isLearnt)
                                .thenComparingLong(server -> server.last))
                        .orElseThrow());
            }
            Server added = new Server(fact.sender(), fact.time(), isLearning);
            servers.add(added);
            return added;
        }

        @Override
        public long due() {
            return NEVER;
        }

        @Override
        public long expires() {
            return servers.stream().mapToLong(server -> server.last).max().orElse(Long.MIN_VALUE + REMEMBERED_NANOS)
                    + REMEMBERED_NANOS;
        }

        @Override
        public void writeTo(DataOutput out) throws IOException {
            out.writeByte(VERSION);
            out.writeLong(begun);
            out.writeByte(servers.size());
            for (Server server : servers) {
                out.writeUTF(server.address);
                out.writeLong(server.first);
                out.writeBoolean(server.isLearnt);
                out.writeLong(server.last);
                out.writeInt(server.answers);
            }
        }
    }

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(NeighbourFact fact) {
        return fact.kind() == NeighbourFact.Kind.DHCP_ANSWER && !fact.isSender();
    }

    @Override
    public Servers begin() {
        return new Servers();
    }

    @Override
    public Servers read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != Servers.VERSION) {
            throw new IOException("what is known of DHCP servers is of version %d; this job reads %d"
                    .formatted(version, Servers.VERSION));
        }
        Servers memory = new Servers();
        memory.begun = in.readLong();
        for (int i = in.readUnsignedByte(); i > 0; i--) {
            Server server = new Server(in.readUTF(), in.readLong(), in.readBoolean());
            server.last = in.readLong();
            server.answers = in.readInt();
            memory.servers.add(server);
        }
        return memory;
    }

    @Override
    public void observe(NeighbourFact fact, Servers memory, Tuning tuning, Findings findings) {
        memory.begun = memory.begun == Long.MIN_VALUE ? fact.time() : memory.begun;
        int learnt = memory.learntAnswers();
        boolean isLearning = fact.time() - memory.begun < tuning.get(PROFILE, LEARNING) * NANOS_PER_SECOND
                || learnt < tuning.get(PROFILE, ANSWERS)
                || tuning.is(fact.sender(), Tuning.DHCP);
        Server server = memory.find(fact, isLearning);
        server.last = fact.time();
        server.answers = Math.min(Integer.MAX_VALUE / MOST_SERVERS, server.answers + 1);
        if (!server.isLearnt && !tuning.is(fact.sender(), Tuning.DHCP)) {
            findings.report(finding(fact, server, memory, learnt));
        }
    }

    private static Finding finding(NeighbourFact fact, Server server, Servers memory, int learnt) {
        long servers = memory.servers.stream().filter(known -> known.isLearnt).count();
        Map<String, Double> figures = new TreeMap<>();
        figures.put("answers_of_known_servers", (double) learnt);
        figures.put("known_servers", (double) servers);
        return new Finding(
                server.address,
                fact.realm(),
                server.address,
                "",
                "T1557.003",
                server.first,
                fact.time(),
                server.answers,
                1,
                Math.log((learnt + 2.0) / (servers + 1)),
                Severity.HIGH,
                figures,
                List.of(),
                "%s (%s) answered DHCP clients %d times within %.0f s, on a link where %d others gave all %d answers before."
                        .formatted(
                                server.address,
                                Addresses.mac(fact.mac()),
                                server.answers,
                                (fact.time() - server.first) / NANOS_PER_SECOND,
                                servers,
                                learnt));
    }

    @Override
    public void elapse(String subject, long time, Servers memory, Tuning tuning, Findings findings) {
        // nothing follows from silence
    }
}
