package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.study.carracing.MemorySettings;
import worldmodels.vision.VisionModels;

class PresetTest {

    @Test
    void paperHoldsTheSourcesValuesAndReducesNothing() {
        Preset paper = Preset.named("paper");
        assertEquals(10_000, paper.integer("rollouts.episodes"));
        assertEquals("0.0001", paper.text("vision.learningRate"));
        assertEquals("none", paper.reductions());
    }

    @Test
    void smallerPresetsAreDifferencesFromThePaper() {
        Preset smoke = Preset.named("smoke");
        assertEquals(Preset.named("paper").settings().keySet(), smoke.settings().keySet());
        assertTrue(smoke.differences().contains(new Preset.Difference("evaluation.tracks", "100", smoke.text("evaluation.tracks"))));
        assertTrue(smoke.reductions().contains("evaluation.tracks " + smoke.text("evaluation.tracks") + " (100)"));
    }

    @Test
    void theAuthorsVersionDecidesTheEpochs() {
        Preset paper = Preset.named("paper");
        assertEquals(1, VisionModels.of(paper).epochs(paper));
        assertEquals(20, MemorySettings.epochs(paper));
        Preset code = paper.with("authors", "CODE");
        assertEquals(10, VisionModels.of(code).epochs(code));
        assertEquals(40, MemorySettings.epochs(code));
        Preset three = code.with("vision.epochs", "3");
        assertEquals(3, VisionModels.of(three).epochs(three));
    }

    @Test
    void refusesAnUnknownPresetAndSaysWhereTheyAre() {
        KitException e = assertThrows(KitException.class, () -> Preset.named("huge"));
        assertEquals("There is no preset 'huge'; each has a file of its name in environment/presets.", e.getMessage());
    }

    @Test
    void refusesAnUndeclaredSettingAndAWrongKind() {
        Preset smoke = Preset.named("smoke");
        assertThrows(KitException.class, () -> smoke.with("vision.latnet", "32"));
        assertThrows(KitException.class, () -> smoke.integer("vision.latnet"));
        KitException e = assertThrows(KitException.class, () -> smoke.with("vision.latent", "many").integer("vision.latent"));
        assertEquals("Setting vision.latent of preset smoke must be a whole number, not 'many'.", e.getMessage());
    }
}
