package io.parallax.model;

/**
 * What the inventory says of an address at a time. Names are never guessed: an empty one is not known.
 *
 * @param virtualMachine name of the virtual machine that held the address
 * @param uuid of the virtual machine
 * @param application that it belongs to
 * @param host hypervisor that it ran on then
 * @param portGroup of the interface
 * @param subnet name of the address's subnet, or its network in CIDR notation; never empty but in {@link #NONE}
 * @param attribution what names the virtual machine: {@link #BY_ADDRESS}, {@link #BY_MAC} or {@link #UNATTRIBUTED}
 */
public record Label(
        String virtualMachine,
        String uuid,
        String application,
        String host,
        String portGroup,
        String subnet,
        String attribution) {

    /** The inventory gives the address to the virtual machine. */
    public static final String BY_ADDRESS = "address";

    /** The inventory gives the virtual machine the MAC address that was seen with the address. */
    public static final String BY_MAC = "mac";

    /** Nothing names the address. Also what it is at levels where an entity can't fall back to the address. */
    public static final String UNATTRIBUTED = "unattributed";

    /** Where no row has been stated yet. */
    public static final Label NONE = unattributed("");

    /** The label of an address that nothing names. */
    public static Label unattributed(String subnet) {
        return new Label("", "", "", "", "", subnet, UNATTRIBUTED);
    }

    /** Whether a virtual machine is known. */
    public boolean isAttributed() {
        return !virtualMachine.isEmpty();
    }
}
