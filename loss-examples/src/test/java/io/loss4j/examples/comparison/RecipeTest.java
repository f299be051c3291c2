package io.loss4j.examples.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RecipeTest {
    @Test
    void partsHaveOneOrderHoweverTheyAreGiven() {
        Recipe recipe = Recipe.parse("thresholds+smote+class-weighted+focal", 2);
        assertEquals("focal+class-weighted+smote+thresholds", recipe.id());
        assertEquals(Recipe.parse("focal+class-weighted+smote+thresholds", 2), recipe);
        assertEquals("plain", Recipe.parse("plain", 2).id());
        assertEquals("focal", Recipe.parse("plain+focal", 2).id());
    }

    /** Kept fits are known by this text in the next process too. */
    @Test
    void theTextIsTheSameInEveryProcess() {
        assertEquals(
                "Recipe[remedies={LOSS=FOCAL, WEIGHTS=CLASS_WEIGHTED, SAMPLES=SMOTE, DECISION=THRESHOLDS}, gamma=2.0]",
                Recipe.parse("thresholds+smote+class-weighted+focal", 2).toString());
    }
}
