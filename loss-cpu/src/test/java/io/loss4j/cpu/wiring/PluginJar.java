package io.loss4j.cpu.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/** A jar as somebody might put it on the class path: some of the classes of these tests and service files. */
final class PluginJar {
    /** Where the major version stands in a class file. */
    private static final int MAJOR_VERSION = 7;

    private final String name;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    PluginJar(String name) {
        this.name = name;
    }

    /** A jar with a provider of a service and what else it needs. */
    static PluginJar of(String name, Class<?> service, Class<?> provider, Class<?>... needed) {
        return new PluginJar(name).with(provider).with(needed).service(service, provider.getName());
    }

    PluginJar with(Class<?>... types) {
        for (Class<?> type : types) {
            entries.put(path(type.getNestHost()), bytes(type.getNestHost()));
            entries.put(path(type), bytes(type));
        }
        return this;
    }

    /** A class as a compiler of the far future would write it. */
    PluginJar withFromTheFuture(Class<?> type) {
        byte[] bytes = bytes(type);
        bytes[MAJOR_VERSION] = (byte) 200;
        entries.put(path(type), bytes);
        return this;
    }

    PluginJar service(Class<?> service, String... lines) {
        entries.put(
                "META-INF/services/" + service.getName(),
                List.of(lines).stream().collect(Collectors.joining("\n")).getBytes(UTF_8));
        return this;
    }

    Path writeTo(Path folder) throws IOException {
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return jar;
    }

    private static String path(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static byte[] bytes(Class<?> type) {
        try (InputStream in = type.getResourceAsStream("/" + path(type))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
