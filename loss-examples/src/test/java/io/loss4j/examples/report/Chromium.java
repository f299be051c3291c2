package io.loss4j.examples.report;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** A headless Chromium: the one of the property {@code loss4j.chromium}, or the first on the path. */
record Chromium(Path binary) {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final int SECONDS = 90;

    static Optional<Chromium> find() {
        String named = System.getProperty("loss4j.chromium");
        Stream<Path> places = named != null
                ? Stream.of(Path.of(named))
                : NAMES.stream()
                        .flatMap(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .map(folder -> Path.of(folder, name)));
        return places.filter(Files::isExecutable).findFirst().map(Chromium::new);
    }

    /**
     * What a browser made of a page.
     *
     * @param dom the document after it was loaded
     * @param console what was written to its console, errors of the network included
     */
    record Rendered(Document dom, List<String> console) {}

    Rendered render(Path page, Path scratch) throws IOException, InterruptedException {
        Path dom = scratch.resolve("dom.html");
        Path log = scratch.resolve("log.txt");
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "--headless=new",
                        "--no-sandbox", // or it refuses to run as root
                        "--disable-gpu",
                        "--hide-scrollbars", // as on a phone, where they take no room
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + scratch.resolve("profile"),
                        "--allow-file-access-from-files",
                        "--enable-logging=stderr",
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("Chromium did not end within " + SECONDS + " s: " + Files.readString(log));
        }
        String html = Files.readString(dom);
        if (process.exitValue() != 0 || html.isBlank()) {
            throw new IllegalStateException("Chromium gave " + process.exitValue() + ": " + Files.readString(log));
        }
        return new Rendered(
                Jsoup.parse(html),
                Files.readAllLines(log).stream()
                        .filter(line -> line.contains(":CONSOLE"))
                        .toList());
    }
}
