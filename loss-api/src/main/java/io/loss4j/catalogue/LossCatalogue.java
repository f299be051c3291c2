package io.loss4j.catalogue;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.LossProvider;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.provider.Discovery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every loss on the class path by id: those of Loss4J and those of third parties, found through {@link LossProvider}. */
public final class LossCatalogue {
    private LossCatalogue() {}

    private static final class Found {
        /** Providers have no name of their own; their class serves as one. */
        static final Discovery<LossProvider> DISCOVERY =
                Discovery.of(LossProvider.class, p -> p.getClass().getName(), "loss");

        static final Map<String, LossType<?>> TYPES = collect();

        private static Map<String, LossType<?>> collect() {
            Map<String, LossType<?>> types = new TreeMap<>();
            List<LossProvider> providers = new ArrayList<>(DISCOVERY.found().values());
            // Whatever comes first on the class path, the ids that saved models rely on are ours.
            providers.sort(Comparator.comparing(p -> !(p instanceof BuiltInLosses)));
            for (LossProvider provider : providers) {
                String where = Discovery.where(provider.getClass());
                try {
                    Collection<LossType<?>> losses = provider.losses();
                    if (losses == null) {
                        DISCOVERY.report(new Discovery.Problem(
                                where, "returns null instead of its losses", "report this to its authors", null));
                        continue;
                    }
                    for (LossType<?> type : losses) {
                        if (type == null) {
                            DISCOVERY.report(new Discovery.Problem(
                                    where, "lists null among its losses", "report this to its authors", null));
                        } else {
                            add(types, type, where);
                        }
                    }
                } catch (VirtualMachineError e) {
                    throw e;
                } catch (Throwable e) {
                    DISCOVERY.report(new Discovery.Problem(
                            where,
                            "does not list its losses: " + Discovery.describe(e),
                            "report this to its authors",
                            e));
                }
            }
            return Collections.unmodifiableMap(types);
        }

        private static void add(Map<String, LossType<?>> types, LossType<?> type, String where) {
            LossType<?> first = types.putIfAbsent(type.id(), type);
            if (first != null) {
                DISCOVERY.report(new Discovery.Problem(
                        where,
                        "the loss '" + type.id() + "' is taken by " + Discovery.where(first.record())
                                + ", which is kept",
                        "remove one of the two jars or rename the loss",
                        null));
            }
        }
    }

    /** All kinds of losses by id, in alphabetical order. */
    public static Map<String, LossType<?>> types() {
        return Found.TYPES;
    }

    /** Providers that could not be used, and losses left out because their id is taken. */
    public static Collection<Discovery.Problem> problems() {
        types(); // lists the losses first, which may add problems
        return Found.DISCOVERY.problems();
    }

    /**
     * The kind of loss with an id.
     *
     * @throws LossInputException if there is none, naming the nearest
     */
    public static LossType<?> type(String id) {
        LossType<?> type = Found.TYPES.get(id);
        if (type == null) {
            String shown = id.length() <= 80 ? id : id.substring(0, 77) + "...";
            String nearest = Discovery.nearest(shown, Found.TYPES.keySet());
            throw new LossInputException(
                    "L4J-J02",
                    "loss",
                    "'" + shown + "' is not known; known are " + Found.TYPES.keySet()
                            + Found.DISCOVERY.problemsAsText(),
                    nearest == null
                            ? "put the jar that provides it on the class path"
                            : "did you mean '" + nearest + "'");
        }
        return type;
    }

    /**
     * Makes a loss from its id and plain parameter values, as in JSON or on a command line.
     *
     * @throws LossInputException if the id is unknown or a parameter is unknown, missing or wrong
     */
    public static LossSpec create(String id, Map<String, ?> parameters) {
        return type(id).create(parameters);
    }
}
