/** What ARP and IPv6 neighbour discovery tell: which MAC address has which IP address. */
@NullMarked
package io.parallax.capture.neighbour;

import org.jspecify.annotations.NullMarked;
