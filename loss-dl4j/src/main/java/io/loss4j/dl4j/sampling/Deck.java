package io.loss4j.dl4j.sampling;

import java.util.SplittableRandom;

/** Numbers dealt in random order, all of them before any comes a second time. */
final class Deck {
    private final int[] cards;
    private final SplittableRandom random;
    private int dealt;

    Deck(int[] cards, SplittableRandom random) {
        this.cards = cards.clone();
        this.random = random;
        this.dealt = cards.length;
    }

    int next() {
        if (dealt == cards.length) {
            shuffle(cards, cards.length, random);
            dealt = 0;
        }
        return cards[dealt++];
    }

    /** Puts a random choice, in random order, at the front. */
    static void shuffle(int[] cards, int chosen, SplittableRandom random) {
        for (int i = 0; i < Math.min(chosen, cards.length - 1); i++) {
            int j = i + random.nextInt(cards.length - i);
            int card = cards[i];
            cards[i] = cards[j];
            cards[j] = card;
        }
    }
}
