package io.loss4j.benchmarks;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The builds of ND4J's native library. There is one for any processor, which is what Maven gives everybody, and there are
 * faster ones for processors with AVX2 or AVX-512, to be asked for by a classifier.
 */
final class Natives {
    private static final Pattern JAR = Pattern.compile(
            "nd4j-native-(\\d.*?)-((?:linux|macosx|windows)-[a-z0-9_]+?)((?:-onednn)?(?:-avx2|-avx512)?)\\.jar");

    private Natives() {}

    /** A class path with the natives of a contender instead of those that are there. */
    static String classPath(String classPath, Contender contender) {
        if (contender.natives().isEmpty()) {
            return classPath;
        }
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            File file = new File(entry);
            Matcher jar = JAR.matcher(file.getName());
            entries.add(jar.matches() ? replacement(file, jar, contender).getPath() : entry);
        }
        return String.join(File.pathSeparator, entries);
    }

    private static File replacement(File file, Matcher jar, Contender contender) {
        String classifier = jar.group(2) + contender.natives();
        File other = new File(file.getParentFile(), "nd4j-native-" + jar.group(1) + "-" + classifier + ".jar");
        if (!other.isFile()) {
            throw new NativesMissing("these natives are not in the local Maven repository; fetch them with mvn"
                    + " dependency:get -Dtransitive=false -Dartifact=org.nd4j:nd4j-native:" + jar.group(1) + ":jar:"
                    + classifier);
        }
        return other;
    }

    /** The classifier of the natives that a contender gets, such as {@code linux-x86_64-avx2}. */
    static String classifier(String classPath, Contender contender) {
        for (String entry : classPath.split(File.pathSeparator)) {
            Matcher jar = JAR.matcher(new File(entry).getName());
            if (jar.matches()) {
                return jar.group(2) + (contender.natives().isEmpty() ? jar.group(3) : contender.natives());
            }
        }
        return "unknown";
    }

    /** Tells JavaCPP which of several builds to look for. */
    static List<String> jvmOptions(Contender contender) {
        return contender.natives().isEmpty()
                ? List.of()
                : List.of("-Dorg.bytedeco.javacpp.platform.extension=" + contender.natives());
    }
}
