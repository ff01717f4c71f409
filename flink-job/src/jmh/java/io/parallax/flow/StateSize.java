package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Octets of state per active flow: the limit is 400. Each flow has data both ways in one window. It prints two
 * figures a case: the arrays as they lie in memory, with the room they have left for more, and what a checkpoint writes.
 *
 * <p>Not a JMH benchmark, since nothing is timed: sizes are the same on every machine. Arguments: numbers of flows; without
 * any 10000, 100000 and 1000000 (which needs {@code -Xmx6g}).
 */
public final class StateSize {

    private static final String[] USUAL = {"10000", "100000", "1000000"};

    private StateSize() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("| traffic | observation points | flows | octets per flow in memory | in a checkpoint |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (String flows : arguments.length == 0 ? USUAL : arguments) {
            print("UDP", BenchmarkTraffic.UDP, 1, Integer.parseInt(flows));
            for (int copies = 1; copies <= BenchmarkTraffic.MOST_COPIES; copies++) {
                print("TCP", BenchmarkTraffic.TCP, copies, Integer.parseInt(flows));
            }
        }
    }

    private static void print(String traffic, int protocol, int copies, int flows) throws Exception {
        BenchmarkTables tables = BenchmarkTables.filledWith(new BenchmarkTraffic(Spread.EVEN, flows, protocol, copies));
        System.out.printf(
                "| %s | %d | %,d | %.0f | %.0f |%n",
                traffic, copies, flows, octetsInMemory(tables), octetsInCheckpoint(tables));
    }

    /** Of all arrays of numbers that the tables hold, per flow. Names of streams and realms are not counted: a few a table. */
    static double octetsInMemory(BenchmarkTables tables) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        long octets = 0;
        for (FlowTable table : tables.all()) {
            octets += octetsOfArrays(table, seen);
        }
        return (double) octets / tables.flows();
    }

    private static long octetsOfArrays(Object object, Set<Object> seen) throws IllegalAccessException {
        if (!seen.add(object)) {
            return 0;
        }
        if (object instanceof long[] words) {
            return (long) words.length * Long.BYTES;
        }
        if (object instanceof int[] numbers) {
            return (long) numbers.length * Integer.BYTES;
        }
        if (!object.getClass().getName().startsWith("io.parallax.")) {
            return 0;
        }
        long octets = 0;
        for (Field field : object.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !isOneNumber(field)) {
                field.setAccessible(true);
                Object value = field.get(object);
                octets += value == null ? 0 : octetsOfArrays(value, seen);
            }
        }
        return octets;
    }

    private static boolean isOneNumber(Field field) {
        return field.getType().isPrimitive();
    }

    static double octetsInCheckpoint(BenchmarkTables tables) throws IOException {
        long octets = 0;
        for (FlowTable table : tables.all()) {
            CountingStream count = new CountingStream();
            table.writeTo(new DataOutputStream(count));
            octets += count.octets;
        }
        return (double) octets / tables.flows();
    }

    private static final class CountingStream extends OutputStream {
        private long octets;

        @Override
        public void write(int octet) {
            octets++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            octets += length;
        }
    }
}
