package io.loss4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Options that JMH's processes need to run Loss4J with SIMD, before those that were typed. */
final class JmhOptions {
    private JmhOptions() {}

    static String[] with(String... typed) {
        String jvm = "--add-modules jdk.incubator.vector -Dloss4j.backend=cpu -Dloss4j.cpu.simd=require";
        if (Runtime.version().feature() >= 24) {
            jvm += " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";
        }
        List<String> all = new ArrayList<>(List.of("-jvmArgsAppend", jvm));
        all.addAll(Arrays.asList(typed));
        return all.toArray(String[]::new);
    }
}
