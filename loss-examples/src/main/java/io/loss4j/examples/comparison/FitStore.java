package io.loss4j.examples.comparison;

import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.Examples;
import io.loss4j.examples.training.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Finished fits on disk, one file each, so that a comparison goes on where it was interrupted. A file is there as a whole
 * or not at all, and holds the key of the comparison that it belongs to: the cells and labels, the folds, the settings of
 * the networks. A comparison of anything else does not find it.
 */
public final class FitStore {
    /** Changed when the same settings no longer give the same fit. */
    private static final String FORMAT = "loss4j fit 1";

    private static final int NAME_LENGTH = 16;

    private final Path directory;
    private final String key;
    private final AtomicInteger damaged = new AtomicInteger();

    private FitStore(Path directory, String key) {
        this.directory = directory;
        this.key = key;
    }

    /**
     * The fits of one comparison.
     *
     * @param parent where comparisons are kept
     * @param examples what is fitted
     * @param settings of the networks
     * @param folds into how many parts the rows are cut
     */
    public static FitStore of(Path parent, Examples examples, Settings settings, int folds) {
        MessageDigest digest = sha256();
        digest.update((FORMAT + ' ' + settings + ' ' + folds).getBytes(StandardCharsets.UTF_8));
        examples.digest(digest);
        String key = HexFormat.of().formatHex(digest.digest());
        return new FitStore(parent.resolve(key.substring(0, NAME_LENGTH)), key);
    }

    /**
     * Makes the directory.
     *
     * @throws LossInputException L4J-D62 if that cannot be done
     */
    void createDirectory() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static LossInputException unwritable(Path path, IOException e) {
        return new LossInputException(
                "L4J-D62",
                path.toString(),
                "finished fits cannot be written here: " + e.getMessage(),
                "make it writable, or give another directory with --state");
    }

    /** Where the files are. */
    public Path directory() {
        return directory;
    }

    /** How many files were there and not usable: cut off, changed, or of another comparison. They are made anew. */
    public int damaged() {
        return damaged.get();
    }

    private Path file(String name) {
        return directory.resolve(name + ".fit");
    }

    private static String name(Recipe recipe, int repeat, int fold) {
        return recipe.id() + "-" + repeat + "-" + fold;
    }

    /** Says which fit a file holds; a recipe has parameters that its name does not tell. */
    private String title(Recipe recipe, int repeat, int fold) {
        return FORMAT + ' ' + key + ' ' + recipe + ' ' + repeat + ' ' + fold;
    }

    /** A finished fit, or null. */
    @Nullable
    Fit find(Recipe recipe, int repeat, int fold) {
        Path file = file(name(recipe, repeat, fold));
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Fit fit = read(Files.readAllBytes(file), title(recipe, repeat, fold), recipe, repeat, fold);
            if (fit != null) {
                return fit;
            }
        } catch (IOException e) {
            // cut off: made anew, and counted
        }
        damaged.incrementAndGet();
        return null;
    }

    private static @Nullable Fit read(byte[] bytes, String title, Recipe recipe, int repeat, int fold)
            throws IOException {
        int length = bytes.length - Long.BYTES;
        if (length < 0 || checksum(bytes, length) != ByteBuffer.wrap(bytes).getLong(length)) {
            return null;
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
        if (!in.readUTF().equals(title)) {
            return null;
        }
        int[] rows = new int[in.readInt()];
        float[][] probabilities = new float[rows.length][in.readInt()];
        int[] predicted = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = in.readInt();
            for (int k = 0; k < probabilities[i].length; k++) {
                probabilities[i][k] = in.readFloat();
            }
            predicted[i] = in.readInt();
        }
        double[] losses = new double[in.readInt()];
        double[] accuracies = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = in.readDouble();
            accuracies[i] = in.readDouble();
        }
        return new Fit(recipe.id(), repeat, fold, rows, probabilities, predicted, losses, accuracies, in.readDouble());
    }

    /** Writes a fit: aside first, then by one step under its name. */
    void keep(Recipe recipe, Fit fit) {
        String name = name(recipe, fit.repeat(), fit.fold());
        Path aside = directory.resolve(name + ".part");
        try {
            Files.write(aside, bytes(fit, title(recipe, fit.repeat(), fit.fold())));
            Files.move(aside, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static byte[] bytes(Fit fit, String title) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(title);
        out.writeInt(fit.rows().length);
        out.writeInt(fit.probabilities().length == 0 ? 0 : fit.probabilities()[0].length);
        for (int i = 0; i < fit.rows().length; i++) {
            out.writeInt(fit.rows()[i]);
            for (float p : fit.probabilities()[i]) {
                out.writeFloat(p);
            }
            out.writeInt(fit.predicted()[i]);
        }
        out.writeInt(fit.trainingLoss().length);
        for (int i = 0; i < fit.trainingLoss().length; i++) {
            out.writeDouble(fit.trainingLoss()[i]);
            out.writeDouble(fit.balancedAccuracy()[i]);
        }
        out.writeDouble(fit.seconds());
        byte[] content = bytes.toByteArray();
        out.writeLong(checksum(content, content.length));
        return bytes.toByteArray();
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
