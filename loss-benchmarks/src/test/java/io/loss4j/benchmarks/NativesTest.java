package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
    private static String path(Object... entries) {
        StringBuilder path = new StringBuilder();
        for (Object entry : entries) {
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(entry);
        }
        return path.toString();
    }

    @Test
    void aContenderGetsItsOwn(@TempDir Path folder) throws IOException {
        Path java = folder.resolve("nd4j-native-1.0.0-M2.1.jar");
        Path usual = folder.resolve("nd4j-native-1.0.0-M2.1-linux-x86_64.jar");
        Path avx512 = Files.createFile(folder.resolve("nd4j-native-1.0.0-M2.1-linux-x86_64-avx512.jar"));
        String classPath = path("a.jar", java, usual);

        assertEquals(classPath, Natives.classPath(classPath, Contender.DL4J));
        assertEquals(path("a.jar", java, avx512), Natives.classPath(classPath, Contender.DL4J_AVX512));
        assertEquals("linux-x86_64", Natives.classifier(classPath, Contender.DL4J));
        assertEquals("linux-x86_64-avx512", Natives.classifier(classPath, Contender.DL4J_AVX512));
        NativesMissing missing =
                assertThrows(NativesMissing.class, () -> Natives.classPath(classPath, Contender.DL4J_AVX2));
        assertTrue(
                missing.getMessage().contains("-Dartifact=org.nd4j:nd4j-native:1.0.0-M2.1:jar:linux-x86_64-avx2"),
                missing.getMessage());
    }

    @Test
    void thoseOfTheClassPathMayBeSpecialAlready() {
        String classPath = path("nd4j-native-1.0.0-M2.1-windows-x86_64-avx2.jar");
        assertEquals("windows-x86_64-avx2", Natives.classifier(classPath, Contender.DL4J));
        assertEquals("unknown", Natives.classifier("a.jar", Contender.DL4J));
    }
}
