package io.loss4j.loss;

import io.loss4j.error.LossInputException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A kind of loss as the registry, JSON and the command line know it: id, version, and the parameters with their
 * defaults. The parameters are the components of the record, written in snake_case; a component without a default must
 * be given.
 *
 * <p>Components may be {@code double}, {@code int}, {@code boolean}, {@code String}, {@link PerColumn}, an enum, a
 * {@code @Nullable Double}, another {@link LossSpec} or a list of them.
 *
 * @param <S> the record
 */
public final class LossType<S extends Record & LossSpec> {
    private static final Set<Class<?>> PLAIN =
            Set.of(double.class, int.class, boolean.class, String.class, PerColumn.class, Double.class, LossSpec.class);

    private final Class<S> record;
    private final String id;
    private final int version;
    private final List<Parameter> parameters;
    private final MethodHandle constructor;

    /**
     * One parameter.
     *
     * @param name as in JSON, in snake_case
     * @param type the type of the record component
     * @param required whether it must be given
     * @param defaultValue what it is when not given; may be null for an optional number
     */
    public record Parameter(
            String name,
            Class<?> type,
            boolean required,
            @Nullable Object defaultValue) {}

    private LossType(Class<S> record, String id, int version, Map<String, ?> defaults) {
        this.record = record;
        this.id = id;
        this.version = version;
        List<Parameter> found = new ArrayList<>();
        for (RecordComponent c : record.getRecordComponents()) {
            if (!PLAIN.contains(c.getType()) && !c.getType().isEnum() && !isListOfLosses(c)) {
                throw new IllegalArgumentException("L4J-P02 " + id + ": component " + c.getName() + " of "
                        + record.getName() + " has type " + c.getType().getName()
                        + "; use double, int, boolean, String, PerColumn, an enum, Double, LossSpec or List<LossSpec>");
            }
            String name = snakeCase(c.getName());
            boolean optional = defaults.containsKey(name) || c.getType() == Double.class;
            Parameter bare = new Parameter(name, c.getType(), !optional, null);
            found.add(
                    defaults.containsKey(name)
                            ? new Parameter(name, c.getType(), false, defaultOf(bare, defaults.get(name)))
                            : bare);
        }
        Set<String> unknown = new TreeSet<>(defaults.keySet());
        found.forEach(p -> unknown.remove(p.name()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("L4J-P02 " + id + ": defaults for " + unknown + ", which "
                    + record.getName() + " has no component for");
        }
        this.parameters = Collections.unmodifiableList(found);
        this.constructor = canonicalConstructor(record);
    }

    private static boolean isListOfLosses(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] == LossSpec.class;
    }

    /**
     * Declares a kind of loss.
     *
     * @param record the public record that holds the parameters
     * @param id letters, digits and underscores; never changed once released
     * @param defaults default by snake_case name; components that are missing here must be given by the user
     */
    public static <S extends Record & LossSpec> LossType<S> of(Class<S> record, String id, Map<String, ?> defaults) {
        return new LossType<>(record, id, 1, defaults);
    }

    /** The same, at a later version of its parameters. */
    public LossType<S> version(int newVersion) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        for (Parameter p : parameters) {
            if (!p.required() && p.defaultValue() != null) {
                defaults.put(p.name(), p.defaultValue());
            }
        }
        return new LossType<>(record, id, newVersion, defaults);
    }

    /** The id in JSON, in golden files and on the command line. */
    public String id() {
        return id;
    }

    /** The version of the parameters; written to JSON. */
    public int version() {
        return version;
    }

    /** The record class. */
    public Class<S> record() {
        return record;
    }

    /** The parameters in their order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Whether a parameter of this name is a loss or a list of losses. */
    public boolean holdsLosses(String parameter) {
        return parameters.stream()
                .anyMatch(p -> p.name().equals(parameter) && (p.type() == LossSpec.class || p.type() == List.class));
    }

    /**
     * Makes a loss from plain values: numbers, booleans, strings, lists of numbers for {@link PerColumn}, losses and lists
     * of losses.
     *
     * @throws LossInputException if a parameter is unknown, missing, of the wrong type or out of range
     */
    public S create(Map<String, ?> values) {
        Set<String> unknown = new TreeSet<>(values.keySet());
        Object[] arguments = new Object[parameters.size()];
        for (int i = 0; i < arguments.length; i++) {
            Parameter p = parameters.get(i);
            unknown.remove(p.name());
            if (values.containsKey(p.name())) {
                arguments[i] = convert(p, values.get(p.name()));
            } else if (p.required()) {
                throw new LossInputException(
                        "L4J-P03", id, "parameter " + p.name() + " is missing", "give " + p.name());
            } else {
                arguments[i] = p.defaultValue();
            }
        }
        if (!unknown.isEmpty()) {
            throw new LossInputException(
                    "L4J-P01",
                    id,
                    "unknown parameter " + abbreviate(String.join(", ", unknown)),
                    parameters.isEmpty() ? "it has no parameters" : "it knows " + names());
        }
        try {
            return record.cast(constructor.invokeWithArguments(arguments));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("constructor of " + record.getName() + " failed", e);
        }
    }

    /** The parameters of a loss by name, in their order: what {@link #create} takes. */
    public Map<String, @Nullable Object> values(LossSpec spec) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        RecordComponent[] components = record.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            values.put(parameters.get(i).name(), read(components[i], spec));
        }
        return values;
    }

    private static @Nullable Object read(RecordComponent component, LossSpec spec) {
        try {
            Method accessor = component.getAccessor();
            return accessor.invoke(spec);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component + "; make the record public", e);
        }
    }

    private @Nullable Object defaultOf(Parameter p, @Nullable Object value) {
        try {
            return convert(p, value);
        } catch (LossInputException e) {
            throw new IllegalArgumentException("L4J-P02 " + id + ": wrong default: " + e.getMessage(), e);
        }
    }

    private @Nullable Object convert(Parameter p, @Nullable Object value) {
        Class<?> type = p.type();
        if (value == null && type == Double.class) {
            return null;
        }
        if (value != null && type != List.class && type.isInstance(value)) {
            return value;
        }
        if (value instanceof List<?> list && type == List.class && list.stream().allMatch(LossSpec.class::isInstance)) {
            return List.copyOf(list);
        }
        if (value instanceof Number number) {
            if (type == double.class || type == Double.class) {
                return number.doubleValue();
            }
            if (type == PerColumn.class) {
                return PerColumn.all(number.doubleValue());
            }
            if (type == int.class && number.intValue() == number.doubleValue()) {
                return number.intValue();
            }
        }
        if (value instanceof Boolean && type == boolean.class) {
            return value;
        }
        if (value instanceof List<?> list
                && type == PerColumn.class
                && list.stream().allMatch(Number.class::isInstance)) {
            return PerColumn.of(
                    list.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray());
        }
        if (value instanceof String text && type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (word((Enum<?>) constant).equals(text)) {
                    return constant;
                }
            }
        }
        throw new LossInputException(
                "L4J-P04",
                id,
                "parameter " + p.name() + " is " + abbreviate(String.valueOf(value)) + ", expected " + expected(type),
                "correct " + p.name());
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            List<String> words = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                words.add(word((Enum<?>) constant));
            }
            return "one of " + words;
        }
        if (type == PerColumn.class) {
            return "a number or a list of numbers, one per column";
        }
        if (type == boolean.class) {
            return "true or false";
        } else if (type == String.class) {
            return "a text";
        }
        if (type == LossSpec.class || type == List.class) {
            return type == LossSpec.class ? "a loss" : "a list of losses";
        }
        return type == int.class ? "a whole number" : type == Double.class ? "a number or null" : "a number";
    }

    /** How an enum constant is written in JSON and on the command line. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private String names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static MethodHandle canonicalConstructor(Class<?> record) {
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            return MethodHandles.publicLookup().findConstructor(record, MethodType.methodType(void.class, types));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "L4J-P02 " + record.getName()
                            + " cannot be constructed; make the record and its constructor public",
                    e);
        }
    }

    @Override
    public String toString() {
        return id + " v" + version;
    }
}
