package io.parallax.flow;

import io.parallax.label.Address;
import io.parallax.label.Inventory;
import io.parallax.label.MacEvidence;
import io.parallax.model.FlowKey;
import io.parallax.model.Label;
import io.parallax.vantage.LocalityRule;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import io.parallax.wire.Addresses;

/**
 * Names the ends of rows by the inventory as it is now, and keeps with each row which names its record bears, so that a
 * later inventory can correct it, and a revision says what it takes back.
 *
 * <p>A label that says no more than the network of an address is not kept but made anew: there may be as many as flows.
 */
final class RowLabels {

    private static final int NONE = -1;
    private static final int NEVER_STATED = 0;
    private static final int STRANGER = 1;
    private static final int FIRST_KEPT = 2;

    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final Names<String> realms;
    private final Names<Label> labels;
    private final MacEvidence macs = new MacEvidence();
    private MeterSettings settings;
    private Inventory inventory;

    RowLabels(MeterSettings settings, FlowState state) {
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.realms = state.realms();
        this.labels = state.labels();
        this.settings = settings;
        this.inventory = Inventory.empty(settings::prefixLength);
    }

    void configure(MeterSettings current) {
        settings = current;
    }

    void nameBy(Inventory current) {
        inventory = current;
    }

    /** What names an end (0: a, 1: b) of the flow while the row's packets passed. */
    Label of(int flow, int row, int end) {
        if (FlowKey.isAggregate(flows.tuple(flow))) {
            return stranger(flow, end, FlowKey.prefixLength(flows.tuple(flow)));
        }
        gather(row, end);
        return inventory.labelOf(
                realms.get(flows.realm(flow)), address(flow, end), windows.first(row), windows.last(row), macs);
    }

    private void gather(int row, int end) {
        macs.clear();
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int sighting = windows.sighting(cell);
            boolean isSender = sightings.isReverse(sighting) == (end == 1);
            if (!isSender) {
                macs.add(sightings.destinationMac(sighting));
            } else if (LocalityRule.isInitialTtl(windows.ttl(cell))) {
                macs.addSender(sightings.sourceMac(sighting));
            } else {
                macs.add(sightings.sourceMac(sighting));
            }
        }
    }

    private Address address(int flow, int end) {
        return new Address(FlowKey.family(flows.tuple(flow)), high(flow, end), low(flow, end));
    }

    private long high(int flow, int end) {
        return end == 0 ? flows.aHigh(flow) : flows.bHigh(flow);
    }

    private long low(int flow, int end) {
        return end == 0 ? flows.aLow(flow) : flows.bLow(flow);
    }

    /** What the row's record says; {@link Label#NONE} before the first. A table of an older format named nobody. */
    Label stated(int flow, int row, int end) {
        int number = windows.statedLabel(row, end);
        return switch (number) {
            case NEVER_STATED -> isStated(row) ? stranger(flow, end, prefixLength(flow)) : Label.NONE;
            case STRANGER -> stranger(flow, end, prefixLength(flow));
            default -> labels.get(number - FIRST_KEPT);
        };
    }

    private int prefixLength(int flow) {
        long tuple = flows.tuple(flow);
        return FlowKey.isAggregate(tuple) ? FlowKey.prefixLength(tuple) : settings.prefixLength(FlowKey.family(tuple));
    }

    private Label stranger(int flow, int end, int prefixLength) {
        int family = FlowKey.family(flows.tuple(flow));
        return Label.unattributed(Addresses.subnet(family, high(flow, end), low(flow, end), prefixLength));
    }

    /** The row's record says {@code label} of an end from now on. */
    void state(int flow, int row, int end, Label label) {
        boolean isStranger = label.equals(stranger(flow, end, prefixLength(flow)));
        windows.setStatedLabel(row, end, isStranger ? STRANGER : FIRST_KEPT + labels.numberOf(label));
    }

    private boolean isStated(int row) {
        return windows.statedRevision(row) > 0;
    }

    /** Whether the inventory says something else than the row's record does. */
    boolean isOutdated(int flow, int row) {
        return isStated(row)
                && !(of(flow, row, 0).equals(stated(flow, row, 0))
                        && of(flow, row, 1).equals(stated(flow, row, 1)));
    }
}
