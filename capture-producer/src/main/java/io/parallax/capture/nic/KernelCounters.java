package io.parallax.capture.nic;

/**
 * What the kernel counted for one {@link Nic} since it was opened.
 *
 * @param received frames that passed the filter, those dropped included; once the ring is read empty, read + dropped
 * @param dropped frames that found the ring full
 * @param droppedByInterface frames the interface lost before the kernel saw them, from the driver's own counters; not part of
 *     {@code received}
 */
public record KernelCounters(long received, long dropped, long droppedByInterface) {}
