package io.parallax.capture.decode;

/** What the octets at the cursor are to be read as. */
enum Layer {
    ETHERNET,
    LLC,
    VLAN_TAG,
    COOKED,
    COOKED_2,
    RAW_IP,
    HOST_LOOPBACK,
    NETWORK_LOOPBACK,
    PPP,
    CISCO_HDLC,
    ARP,
    IPV4,
    IPV6,
    TRANSPORT,

    /** Nothing more: the cursor holds the outcome. */
    END
}
