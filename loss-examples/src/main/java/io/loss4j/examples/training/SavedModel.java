package io.loss4j.examples.training;

import io.loss4j.dl4j.decision.DecisionRule;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A network with everything that its answers depend on, in one file: an ordinary model of Deeplearning4j, to which the
 * schema of the table and the decision rule are added.
 *
 * @param network the network
 * @param schema how rows become its inputs, and what its outputs are
 * @param rule how its outputs become a class
 */
public record SavedModel(MultiLayerNetwork network, Schema schema, DecisionRule rule) {
    private static final String SCHEMA = "loss4j-table.json";

    /**
     * Writes the file: aside first, then by one step under its name.
     *
     * @throws LossInputException L4J-D63 if it cannot be written
     */
    public void save(Path file) {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            ModelSerializer.writeModel(network, aside.toFile(), true);
            rule.addTo(aside);
            try (FileSystem zip = FileSystems.newFileSystem(aside)) {
                Files.writeString(zip.getPath(SCHEMA), schema.toJson());
            }
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LossInputException(
                    "L4J-D63", file.toString(), "it cannot be written: " + e.getMessage(), "give another file");
        }
    }

    /**
     * Reads a file that {@link #save} wrote.
     *
     * @throws LossInputException L4J-D64 if it is something else
     */
    public static SavedModel load(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new LossInputException(
                    "L4J-D64", file.toString(), "there is no such file", "correct the path after --model");
        }
        try {
            Schema schema;
            try (FileSystem zip = FileSystems.newFileSystem(file)) {
                byte[] json = Files.readAllBytes(zip.getPath(SCHEMA));
                schema = Schema.of(new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8)));
            }
            DecisionRule rule = DecisionRule.ofModel(file);
            return new SavedModel(ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false), schema, rule);
        } catch (IOException | RuntimeException e) {
            throw new LossInputException(
                    "L4J-D64",
                    file.toString(),
                    "this is not a model that 'loss4j compare --save' wrote ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                    "save one with it");
        }
    }
}
