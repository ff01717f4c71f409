package io.parallax.local.report.page;

/** Who the two ends of a flow are, at each level of the matrix. Names are the inventory's; none is guessed. */
enum Ends {
    VM("vm") {
        @Override
        String of(TableRow flow, String end) {
            return flow.text(end + "_virtual_station_name", ADDRESS.of(flow, end));
        }
    },
    APPLICATION("application") {
        @Override
        String of(TableRow flow, String end) {
            return flow.text(end + "_application", UNATTRIBUTED);
        }
    },
    SUBNET("subnet") {
        @Override
        String of(TableRow flow, String end) {
            return flow.text(end + "_subnet", UNATTRIBUTED);
        }
    },
    HOST("host") {
        @Override
        String of(TableRow flow, String end) {
            return flow.text(end + "_host", UNATTRIBUTED);
        }
    },
    ADDRESS("address") {
        @Override
        String of(TableRow flow, String end) {
            String address = flow.text(end + "_address");
            return flow.has(end + "_prefix_length") ? address + "/" + flow.number(end + "_prefix_length") : address;
        }
    };

    static final String UNATTRIBUTED = "unattributed";

    private final String level;

    Ends(String level) {
        this.level = level;
    }

    /** Value of the matrix's column {@code level}. */
    String level() {
        return level;
    }

    /** The entity at {@code end}, which is source or destination. */
    abstract String of(TableRow flow, String end);
}
