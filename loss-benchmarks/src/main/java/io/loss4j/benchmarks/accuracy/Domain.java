package io.loss4j.benchmarks.accuracy;

import java.util.SplittableRandom;

/** Where predictions or labels are drawn from. */
enum Domain {
    /** Logits and scores: most within 15, some up to 1e4 and some down to 1e-6 in size. */
    REALS {
        @Override
        double draw(SplittableRandom random) {
            double sign = random.nextBoolean() ? 1 : -1;
            return switch (random.nextInt(4)) {
                case 0 -> sign * Math.pow(10, random.nextDouble(-6, 4));
                case 1 -> random.nextDouble(-15, 15);
                default -> 3 * random.nextGaussian();
            };
        }
    },
    /** Logarithms of rates. */
    EXPONENTS {
        @Override
        double draw(SplittableRandom random) {
            return random.nextDouble(-8, 8);
        }
    },
    /** From 1e-6 to 1e4. */
    POSITIVE {
        @Override
        double draw(SplittableRandom random) {
            return Math.pow(10, random.nextDouble(-6, 4));
        }
    },
    /** From 0 to 1, many of them near one of the two. */
    PROBABILITIES {
        @Override
        double draw(SplittableRandom random) {
            double small = Math.pow(10, random.nextDouble(-6, 0));
            return switch (random.nextInt(4)) {
                case 0 -> small;
                case 1 -> 1 - small;
                default -> random.nextDouble();
            };
        }
    },
    /** Logarithms of them. */
    LOG_PROBABILITIES {
        @Override
        double draw(SplittableRandom random) {
            return Math.log(Math.pow(10, random.nextDouble(-6, 0)));
        }
    },
    /** 0 and 1. */
    BITS {
        @Override
        double draw(SplittableRandom random) {
            return random.nextInt(2);
        }
    },
    /** -1 and 1. */
    SIGNS {
        @Override
        double draw(SplittableRandom random) {
            return random.nextBoolean() ? 1 : -1;
        }
    };

    abstract double draw(SplittableRandom random);
}
