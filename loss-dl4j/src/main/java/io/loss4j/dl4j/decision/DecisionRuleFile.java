package io.loss4j.dl4j.decision;

import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipException;

/**
 * Decision rules in files: alone, or as JSON in the zip of a model. Not by {@code ModelSerializer.addObjectToFile}: what
 * that adds is read by Java deserialisation, which runs whatever a strange file tells it to.
 */
final class DecisionRuleFile {
    private static final String WHO = "decision rule";

    /** In the zip of a model; not in a folder, for Deeplearning4j cannot load a model that has one. */
    private static final String ENTRY = "loss4j-decision-rule.json";

    /** More than a rule with costs between 1000 classes; a zip can hold far more than its size tells. */
    private static final int MOST_BYTES = 64 << 20;

    private DecisionRuleFile() {}

    static void save(DecisionRule rule, Path file) throws IOException {
        Path whole = file.toAbsolutePath();
        Path part = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            Files.writeString(part, rule.toJson() + "\n");
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    static DecisionRule load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    static void addTo(DecisionRule rule, Path model) throws IOException {
        try (FileSystem zip = open(model)) {
            Files.writeString(zip.getPath(ENTRY), rule.toJson());
        }
    }

    static DecisionRule ofModel(Path model) throws IOException {
        try (FileSystem zip = open(model)) {
            Path entry = zip.getPath(ENTRY);
            if (!Files.exists(entry)) {
                throw unreadable(model.toString(), "has no decision rule", "add one with addTo");
            }
            try (InputStream in = Files.newInputStream(entry)) {
                return read(in, model.toString());
            }
        }
    }

    private static FileSystem open(Path model) throws IOException {
        if (!Files.isRegularFile(model)) {
            throw unreadable(model.toString(), "is no file", "save the model first, with ModelSerializer");
        }
        try {
            return FileSystems.newFileSystem(model);
        } catch (ZipException | ProviderNotFoundException e) {
            throw unreadable(model.toString(), "is no zip: " + e.getMessage(), "give what ModelSerializer wrote");
        }
    }

    private static DecisionRule read(InputStream in, String where) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw unreadable(where, "holds more than " + MOST_BYTES + " bytes", "give what save or addTo wrote");
        }
        try {
            return DecisionRule.fromJson(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw unreadable(where, "is not text in UTF-8", "give what save or addTo wrote");
        }
    }

    private static LossInputException unreadable(String where, String problem, String remedy) {
        return new LossInputException("L4J-D56", WHO, where + " " + problem, remedy);
    }
}
