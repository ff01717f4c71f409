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
    MPLS,
    PPPOE,
    BACKBONE_TAG,
    VN_TAG,
    ARP,
    IPV4,
    IPV6,
    TRANSPORT,
    GRE,
    VXLAN,
    VXLAN_GPE,
    GENEVE,
    IPV4_IN_IP,
    IPV6_IN_IP,
    MPLS_IN_IP,

    /** Nothing more: the cursor holds the outcome. */
    END
}
