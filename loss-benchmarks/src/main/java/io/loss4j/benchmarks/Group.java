package io.loss4j.benchmarks;

import java.util.List;
import java.util.function.Predicate;

/**
 * What is timed in turns, because it is compared.
 *
 * @param name for people
 * @param entries in the order of their turns
 * @param bars between entries of this group
 */
record Group(String name, List<Entry> entries, List<Bar> bars) {
    /** With some of the entries, and the bars that hold between them. */
    Group only(Predicate<Entry> some) {
        List<Entry> left = entries.stream().filter(some).toList();
        return new Group(
                name,
                left,
                bars.stream()
                        .filter(b -> left.contains(b.ours()) && left.contains(b.other()))
                        .toList());
    }
}
