package io.loss4j.loss;

/** What the predictions given to a classification loss are. */
public enum InputForm {
    /** Raw scores, before softmax or sigmoid. The accurate form: prefer it wherever the network can give it. */
    LOGITS,
    /** Probabilities, as a softmax or sigmoid layer returns them. */
    PROBABILITIES,
    /** Natural logarithms of probabilities. */
    LOG_PROBABILITIES
}
