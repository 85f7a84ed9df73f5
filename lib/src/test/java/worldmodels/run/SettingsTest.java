package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.MayBeEmpty;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;

class SettingsTest {

    private enum Latent { SAMPLED, MEAN }

    private record Way(int candidates, int tracks) {

        static Way parse(String text) {
            if (!text.matches("\\d+ x \\d+")) {
                throw new IllegalArgumentException("candidates x tracks, like '64 x 4'");
            }
            return new Way(Integer.parseInt(text.split(" x ")[0]), Integer.parseInt(text.split(" x ")[1]));
        }
    }

    @Section("nvae")
    private record Shape(@Least(1) int channels, boolean pointwise) {}

    @Section("vision")
    private record Vision(@Least(1) int latent, @Above(0) float learningRate, @Key("nvae.unseen") @Least(0) @Most(1) double unseen, @Key("seed") long seed,
                          Shape shape) {}

    @Section("")
    private record Rest(@Key("agent.latent") Latent latent, @Key("study.ways") List<Way> ways, @Key("dream.temperatures") @Above(0) List<Double> temperatures,
                        @Key("thesis.latents") List<Integer> latents, @Key("vision.epochs") String epochs) {}

    private static final Preset PAPER = Preset.named("paper");

    @Test
    void componentsAreReadByTheirKeys() {
        assertEquals(new Vision(32, 1e-4f, 0.5, 1, new Shape(64, false)), Settings.of(PAPER, Vision.class));
        Preset other = PAPER.with("agent.latent", "mean").with("study.ways", "64 x 1, 8 x 2");
        assertEquals(new Rest(Latent.MEAN, List.of(new Way(64, 1), new Way(8, 2)), List.of(0.1, 0.5, 0.7, 1.0, 1.15, 1.3), List.of(32, 64), "authors"),
                Settings.of(other, Rest.class));
    }

    @Test
    void theTextIsThePresetsOwn() {
        Preset written = PAPER.with("vision.learningRate", "1.0E-3").with("nvae.pointwise", "true");
        assertEquals(Map.of("vision.latent", "32", "vision.learningRate", "1.0E-3", "nvae.unseen", "0.5", "seed", "1", "nvae.channels", "64",
                "nvae.pointwise", "true"), Settings.text(written, Vision.class, Shape.class));
    }

    @Test
    void aRecordsValuesAreItsTextForACheckpoint() {
        assertEquals(Map.of("vision.latent", "8", "vision.learningRate", "0.5", "nvae.unseen", "0.25", "seed", "3", "nvae.channels", "4", "nvae.pointwise", "true"),
                Settings.text(new Vision(8, 0.5f, 0.25, 3, new Shape(4, true))));
        assertEquals("0.5, 1.0", Settings.text(Settings.of(PAPER.with("dream.temperatures", "0.5,1"), Rest.class)).get("dream.temperatures"));
    }

    @Section("nvae")
    private record Grown(int channels, @Before("FALSE") boolean pointwise, @Before("0") int mixtures) {}

    @Test
    void aSettingThatSaysWhatWasDoneBeforeThereWasOneIsLeftOutOfTheText() {
        assertEquals(Map.of("nvae.channels", "64"), Settings.text(PAPER, Grown.class));
        assertEquals(Map.of("nvae.channels", "64", "nvae.pointwise", "true", "nvae.mixtures", "10"),
                Settings.text(PAPER.with("nvae.pointwise", "true").with("nvae.mixtures", "10"), Grown.class));
        assertEquals(Map.of("nvae.channels", "4"), Settings.text(new Grown(4, false, 0)));
        assertEquals(new Grown(64, false, 0), Settings.of(PAPER, Grown.class), "it is read all the same");
    }

    @Section("")
    private record Some(@Key("thesis.latents") @MayBeEmpty List<Integer> latents) {}

    @Test
    void aListIsEmptyOnlyWhereItMayBe() {
        assertEquals(List.of(), Settings.of(PAPER.with("thesis.latents", ""), Some.class).latents());
        assertEquals(List.of(32, 64), Settings.of(PAPER, Some.class).latents());
        assertRefused("thesis.latents", "", Rest.class, "a list, separated by commas, each of it a whole number");
    }

    @Test
    void whatIsNotAllowedIsNamedInOneSentence() {
        assertRefused("vision.latent", "0", Vision.class, "a whole number of at least 1");
        assertRefused("vision.latent", "many", Vision.class, "a whole number");
        assertRefused("vision.learningRate", "0", Vision.class, "a number greater than 0");
        assertRefused("vision.learningRate", "NaN", Vision.class, "a number greater than 0");
        assertRefused("nvae.unseen", "1.5", Vision.class, "a number of at least 0 and at most 1");
        assertRefused("nvae.pointwise", "yes", Vision.class, "true or false");
        assertRefused("agent.latent", "FELT", Rest.class, "one of [SAMPLED, MEAN]");
        assertRefused("study.ways", "64 x 4, 8", Rest.class, "a list, separated by commas, each of it candidates x tracks, like '64 x 4'");
        assertRefused("dream.temperatures", "1, -1", Rest.class, "a list, separated by commas, each of it a number greater than 0");
    }

    private static void assertRefused(String key, String value, Class<? extends Record> type, String allowed) {
        KitException e = assertThrows(KitException.class, () -> Settings.of(PAPER.with(key, value), type));
        assertEquals("Setting " + key + " of preset paper must be " + allowed + ", not '" + value + "'.", e.getMessage());
    }

    @Section("vision")
    private record Misspelt(int latnet) {}

    @Test
    void aKeyThatNoPresetDeclaresIsRefused() {
        KitException e = assertThrows(KitException.class, () -> Settings.of(PAPER, Misspelt.class));
        assertEquals("There is no setting 'vision.latnet'; the settings are listed in environment/presets/paper.properties.", e.getMessage());
    }
}
