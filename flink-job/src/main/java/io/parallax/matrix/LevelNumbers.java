package io.parallax.matrix;

import io.parallax.model.MatrixLevel;

/**
 * Numbers of the levels between operators and in checkpoints. They never change: an ordinal would when somebody sorts the
 * enum, and a restored job would not find its cells.
 */
public final class LevelNumbers {

    private static final int ADDRESS = 0;
    private static final int SUBNET = 1;
    private static final int VM = 2;
    private static final int APPLICATION = 3;
    private static final int HOST = 4;

    private LevelNumbers() {}

    public static int of(MatrixLevel level) {
        return switch (level) {
            case ADDRESS -> ADDRESS;
            case SUBNET -> SUBNET;
            case VM -> VM;
            case APPLICATION -> APPLICATION;
            case HOST -> HOST;
        };
    }

    public static MatrixLevel level(int number) {
        return switch (number) {
            case ADDRESS -> MatrixLevel.ADDRESS;
            case SUBNET -> MatrixLevel.SUBNET;
            case VM -> MatrixLevel.VM;
            case APPLICATION -> MatrixLevel.APPLICATION;
            case HOST -> MatrixLevel.HOST;
            default -> throw new IllegalArgumentException("no matrix level has number " + number);
        };
    }
}
