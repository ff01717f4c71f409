package io.parallax.label;

/**
 * An address in its routing domain.
 *
 * @param realm routing domain
 */
record Place(String realm, Address address) {}
