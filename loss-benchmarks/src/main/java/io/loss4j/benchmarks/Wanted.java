package io.loss4j.benchmarks;

/** What is asked of a loss. Training asks for the gradient and then for the value, never for both at once. */
enum Wanted {
    VALUE_AND_GRADIENT("value+gradient", "valueAndGradient"),
    VALUE("value", "value"),
    GRADIENT("gradient", "gradient");

    private final String text;
    /** The method of {@link LossBenchmark}. */
    final String method;

    Wanted(String text, String method) {
        this.text = text;
        this.method = method;
    }

    @Override
    public String toString() {
        return text;
    }
}
