package worldmodels.study.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.CategorySeries;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.OffscreenGl;

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
        assertTrue(ControlTables.tasks(List.of(survey)).csv().contains("reacher_easy,2,6,1,4,250"));
        assertTrue(ControlTables.survey(List.of(survey)).markdown().contains("MuJoCo 2.2.2"));
        assertEquals(ControlTables.survey(List.of(survey)).csv(), ControlTables.survey(List.of(ControlSurvey.of(ControlTask.REACHER_EASY, 3, 5))).csv(),
                "nothing in it depends on the clock");
        assertEquals(List.of("task", "control steps/s", "pictures/s"), ControlTables.times(List.of(survey)).data().columnNames());
        CategorySeries bar = ControlTables.returns(List.of(survey)).chart().getSeriesCollection().iterator().next();
        assertEquals(survey.meanReturn(), bar.getYData()[0], 1e-12, "the bar is the mean that the table prints");
        assertTrue(ControlTables.survey(List.of(survey)).csv().contains(String.format(Locale.ROOT, "reacher_easy,\"%.1f [", survey.meanReturn())));
    }
}
