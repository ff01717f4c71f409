package io.parallax.model;

/**
 * A step in the life of a flow, as the flow table tells it; see {@link FlowFact.Kind}.
 *
 * <p>Mutable and reused: a view, valid during the call it is passed to. Times are nanoseconds since the epoch.
 */
public final class FlowStep {

    public FlowFact.Kind kind = FlowFact.Kind.OPENED;
    public long time;
    public String realm = "";
    public int family;
    public int protocol;
    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;
    public int sourcePort;
    public int destinationPort;
    public String flowId = "";
    public long flowStart;
    public Label source = Label.NONE;
    public Label destination = Label.NONE;
}
