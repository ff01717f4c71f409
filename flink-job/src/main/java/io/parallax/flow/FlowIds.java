package io.parallax.flow;

import java.util.concurrent.TimeUnit;

/** What rows and facts call a flow. */
final class FlowIds {

    private FlowIds() {}

    /**
     * One flow of a 5-tuple begins in a window. In a crowded table brief ones may precede it, which are told by their start.
     * Where an address was handed over within the window, the one that began then is told by that.
     *
     * @param start first packet of the flow, ns
     */
    static String of(Flows flows, int flow, long start, long windowNanos) {
        if (flows.is(flow, Flows.BRIEF)) {
            return text(flows, flow, start) + "b";
        }
        long window = Math.floorDiv(start, windowNanos) * windowNanos;
        long handover = flows.handover(flow);
        return handover > window ? text(flows, flow, handover) + "h" : text(flows, flow, window);
    }

    private static String text(Flows flows, int flow, long begin) {
        return Long.toHexString(flows.hash(flow)) + "-" + Long.toHexString(TimeUnit.NANOSECONDS.toMicros(begin));
    }
}
