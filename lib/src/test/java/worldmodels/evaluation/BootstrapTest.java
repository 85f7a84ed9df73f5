package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class BootstrapTest {

    private static final ToDoubleFunction<double[][]> MEAN = sample -> Statistics.mean(Bootstrap.flat(sample));

    @Test
    void intervalOfAManyNormalScoresIsTheTextbooks() {
        double[] scores = new double[400];
        Pcg64.seeded(8).standardNormal(scores);
        Bootstrap.Interval interval = Bootstrap.interval(new double[][] {scores}, MEAN, Bootstrap.Draw.NESTED, 0.95, 10_000, 1);
        // mean -+ 1.96 s sqrt((n - 1) / n) / sqrt(n): the bootstrap distribution of a mean is nearly normal here.
        double half = 1.95996 * Statistics.sd(scores) * Math.sqrt(399.0 / 400) / 20;
        assertEquals(Statistics.mean(scores) - half, interval.low(), 0.05 * half);
        assertEquals(Statistics.mean(scores) + half, interval.high(), 0.05 * half);
    }

    @Test
    void intervalOfTwoScoresIsTheOneWorkedByHand() {
        // The mean of a sample of {0, 1} is 0, 1/2 or 1 with probabilities 1/4, 1/2, 1/4.
        double[][] scores = {{0, 1}};
        Bootstrap.Interval wide = Bootstrap.interval(scores, MEAN, Bootstrap.Draw.STRATIFIED, 0.95, 10_000, 1);
        assertEquals(new Bootstrap.Interval(0, 1, 0.95), wide);
        Bootstrap.Interval narrow = Bootstrap.interval(scores, MEAN, Bootstrap.Draw.STRATIFIED, 0.4, 10_000, 1);
        assertEquals(new Bootstrap.Interval(0.5, 0.5, 0.4), narrow);
    }

    @Test
    void strataKeepTheirPlacesWhileNestedRunsAreDrawn() {
        double[][] scores = {{10, 10}, {20, 20}, {60, 60}};
        Bootstrap.Interval stratified = Bootstrap.interval(scores, MEAN, Bootstrap.Draw.STRATIFIED, 0.95, 2_000, 1);
        assertEquals(new Bootstrap.Interval(30, 30, 0.95), stratified, "no spread within the rows");
        // Nested: three of {10, 20, 60} with replacement; all 10 and all 60 have probability 1/27 > 2.5 %.
        Bootstrap.Interval nested = Bootstrap.interval(scores, MEAN, Bootstrap.Draw.NESTED, 0.95, 2_000, 1);
        assertEquals(new Bootstrap.Interval(10, 60, 0.95), nested);
    }

    @Test
    void crossedIntervalsCoverWhereTracksAreHardForEverybodyAndNestedOnesDoNot() {
        Pcg64 random = Pcg64.seeded(78);
        int crossed = 0;
        int nested = 0;
        for (int trial = 0; trial < 200; trial++) {
            double[] tracks = new double[20];
            random.standardNormal(tracks);
            double[][] scores = new double[10][20];
            for (double[] run : scores) {
                double skill = 0.3 * random.standardNormal();
                for (int track = 0; track < run.length; track++) {
                    run[track] = tracks[track] + skill + 0.3 * random.standardNormal();
                }
            }
            Bootstrap.Interval both = Bootstrap.interval(scores, MEAN, Bootstrap.Draw.CROSSED, 0.95, 300, trial);
            Bootstrap.Interval runsAlone = Bootstrap.interval(scores, MEAN, Bootstrap.Draw.NESTED, 0.95, 300, trial);
            crossed += both.low() <= 0 && 0 <= both.high() ? 1 : 0;
            nested += runsAlone.low() <= 0 && 0 <= runsAlone.high() ? 1 : 0;
        }
        assertTrue(crossed >= 180 && crossed <= 198, crossed + " of 200");
        assertTrue(nested < 150, "the luck of the tracks is left out: " + nested + " of 200");
    }

    @Test
    void crossedRunsMustHaveDrivenTheSameTracks() {
        KitException e = assertThrows(KitException.class, () -> Summary.crossed(new double[][] {{1, 2}, {3}}));
        assertTrue(e.getMessage().contains("same tracks"), e.getMessage());
    }

    @Test
    void theSeedDecidesTheSamples() {
        double[] scores = new double[30];
        Pcg64.seeded(2).random(scores);
        double[][] rows = {scores};
        assertEquals(Bootstrap.iqm(rows, 5), Bootstrap.iqm(rows, 5));
        assertNotEquals(Bootstrap.iqm(rows, 5), Bootstrap.iqm(rows, 6));
    }

    @Test
    void coversTheTruthAboutAsOftenAsItSays() {
        Pcg64 random = Pcg64.seeded(77);
        int covered = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[] scores = new double[50];
            random.standardNormal(scores);
            Bootstrap.Interval interval = Bootstrap.interval(new double[][] {scores}, MEAN, Bootstrap.Draw.NESTED, 0.95, 500, trial);
            covered += interval.low() <= 0 && 0 <= interval.high() ? 1 : 0;
        }
        // 94 % are expected at n = 50 (375 of 400, standard deviation 5).
        assertTrue(covered >= 360 && covered <= 392, covered + " of 400");
    }

    @Test
    void refusesRunsWithoutEpisodes() {
        assertThrows(KitException.class, () -> Summary.of(new double[0][]));
        assertThrows(KitException.class, () -> Summary.of(new double[][] {{1}, {}}));
    }
}
