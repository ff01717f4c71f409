/**
 * Live interfaces: frames through libpcap, what the kernel counted, and what privileges are held.
 *
 * <p>The only place that knows pcap4j and JNA. pcap4j serves raw octets; its packet classes are not on the class path.
 */
@NullMarked
package io.parallax.capture.nic;

import org.jspecify.annotations.NullMarked;
