package io.parallax.model;

/** Where headers came from: a sensor and one of its interfaces. */
public record StreamName(String sensorId, String interfaceName) implements Comparable<StreamName> {

    @Override
    public int compareTo(StreamName other) {
        int bySensor = sensorId.compareTo(other.sensorId);
        return bySensor != 0 ? bySensor : interfaceName.compareTo(other.interfaceName);
    }
}
