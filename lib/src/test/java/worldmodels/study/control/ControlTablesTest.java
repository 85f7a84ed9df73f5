package worldmodels.study.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.CategorySeries;
import worldmodels.env.control.ControlTask;
import worldmodels.env.control.Recording;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.evaluation.Summary;
import worldmodels.report.ResultTable;

class ControlTablesTest {

    @Test
    void aSurveyNamesSizesSpeedsReturnsAndTheDistanceFromTheOriginal() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
        ControlSurvey survey = ControlSurvey.of(ControlTask.REACHER_EASY, 3, 5);
        assertEquals(6, survey.stateSize());
        assertEquals(3, survey.returns().length);
        assertTrue(survey.difference().state() <= 1e-9 && survey.pictureDifference() <= 1, survey.toString());
        assertTrue(survey.stepsPerSecond() > 0 && survey.picturesPerSecond() > 0);
        assertEquals(survey.returns()[1], ControlSurvey.of(ControlTask.REACHER_EASY, 1, 6).returns()[0], "an episode belongs to its seed");
        assertTrue(Arrays.stream(survey.returns()).allMatch(score -> score >= 0 && score <= 1000), survey.toString());
        assertEquals(ControlTables.survey(List.of(survey)).csv(), ControlTables.survey(List.of(ControlSurvey.of(ControlTask.REACHER_EASY, 3, 5))).csv(),
                "nothing in it depends on the clock");
    }

    private static ControlSurvey known(ControlTask task, double... returns) {
        return new ControlSurvey(task, 6, returns, 12_345.6, 78.4, new Recording.Difference(2e-12, 5e-11, 3e-13), 0.256);
    }

    @Test
    void tablesSayWhatASurveyFound() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
        List<ControlSurvey> surveys = List.of(known(ControlTask.REACHER_EASY, 100, 100, 100), known(ControlTask.WALKER_WALK, 10, 20, 60));
        assertEquals(List.of("reacher_easy,2,6,1,4,250", "walker_walk,6,6,10,2,500"), rows(ControlTables.tasks(surveys)));
        Summary walker = Summary.of(new double[][] {{10, 20, 60}});
        assertEquals(List.of("reacher_easy,\"100.0 [100.0, 100.0]\",0,3,5e-11,0.26",
                String.format(Locale.ROOT, "walker_walk,\"30.0 [%.1f, %.1f]\",26.5,3,5e-11,0.26", walker.low(), walker.high())), rows(ControlTables.survey(surveys)));
        assertTrue(ControlTables.survey(surveys).caption().endsWith("MuJoCo 2.2.2"), ControlTables.survey(surveys).caption());
        assertEquals(List.of("reacher_easy,\"12,346\",78", "walker_walk,\"12,346\",78"), rows(ControlTables.times(surveys)));
    }

    @Test
    void barsAreMeansWithHalfTheirIntervals() {
        CategorySeries bars = ControlTables.returns(List.of(known(ControlTask.REACHER_EASY, 100, 100, 100), known(ControlTask.WALKER_WALK, 10, 20, 60)))
                .chart().getSeriesCollection().iterator().next();
        Summary walker = Summary.of(new double[][] {{10, 20, 60}});
        assertEquals(List.of("reacher", "walker"), List.copyOf((Collection<?>) bars.getXData()));
        assertArrayEquals(new double[] {100, 30}, bars.getYData());
        assertArrayEquals(new double[] {0, (walker.high() - walker.low()) / 2}, bars.getExtraValues());
        assertTrue(walker.high() > walker.low(), walker.toString());
    }

    private static List<String> rows(ResultTable table) {
        return table.csv().lines().skip(1).toList();
    }
}
