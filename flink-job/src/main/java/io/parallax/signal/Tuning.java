package io.parallax.signal;

import java.util.Map;
import java.util.Set;

/**
 * Parameters that were set, and roles of entities: what an operator of the network knows better than a detector.
 *
 * @param values by {@code detector.parameter}
 * @param roles of an entity (a virtual machine's name or an address): scanner, monitoring, backup, dns, dhcp, router ...
 */
public record Tuning(Map<String, Double> values, Map<String, Set<String>> roles) {

    /** Every parameter has its default, and nobody a role. */
    public static final Tuning DEFAULT = new Tuning(Map.of(), Map.of());

    /** Looks for weak points on behalf of the owner. */
    public static final String SCANNER = "scanner";

    /** Asks everybody whether they are well. */
    public static final String MONITORING = "monitoring";

    /** Takes large copies of data. */
    public static final String BACKUP = "backup";

    /** Resolves names. */
    public static final String DNS = "dns";

    /** Gives out addresses. */
    public static final String DHCP = "dhcp";

    /** Answers for many addresses. */
    public static final String ROUTER = "router";

    public double get(Profile detector, Parameter parameter) {
        return values.isEmpty()
                ? parameter.value()
                : values.getOrDefault(detector.name() + '.' + parameter.name(), parameter.value());
    }

    public boolean is(String entity, String role) {
        return !roles.isEmpty() && roles.getOrDefault(entity, Set.of()).contains(role);
    }
}
