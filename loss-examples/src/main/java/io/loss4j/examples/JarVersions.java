package io.loss4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Enumeration;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;

/** Versions of what is on the class path, from the {@code pom.properties} that Maven leaves in every jar. */
final class JarVersions {
    private JarVersions() {}

    /** All versions of an artifact: of its Java jar and of its jars with natives, if the class path has any. */
    static SortedSet<String> of(ClassLoader classPath, String groupId, String artifactId) throws IOException {
        SortedSet<String> versions = new TreeSet<>();
        Enumeration<URL> found =
                classPath.getResources("META-INF/maven/" + groupId + "/" + artifactId + "/pom.properties");
        while (found.hasMoreElements()) {
            URLConnection connection = found.nextElement().openConnection();
            connection.setUseCaches(false); // the jar would stay open
            try (InputStream in = connection.getInputStream()) {
                Properties properties = new Properties();
                properties.load(in);
                versions.add(properties.getProperty("version", "unknown"));
            }
        }
        return versions;
    }
}
