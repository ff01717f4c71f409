/** The producer as a process of its own, on interfaces in a network namespace, against a real broker. Needs root. */
@org.jspecify.annotations.NullMarked
package io.parallax.local.live;
