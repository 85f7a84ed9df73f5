package worldmodels.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.run.Preset;

class PredictedCostTest {

    @Test
    void aMachineOfHalfTheSpeedTakesTwiceTheTime() {
        Preset preset = Preset.named("laptop");
        assertEquals(2 * PredictedCost.of(preset, 1).seconds(), PredictedCost.of(preset, 0.5).seconds(), 1e-6);
    }

    @Test
    void sayingThatTheBudgetIsExceededTakesABudgetAndASlowMachine() {
        assertFalse(PredictedCost.of(Preset.named("laptop"), 1).exceedsBudget(), "on the reference machine the laptop preset keeps its promise");
        assertTrue(PredictedCost.of(Preset.named("laptop"), 0.2).exceedsBudget());
        assertFalse(PredictedCost.of(Preset.named("paper"), 0.01).exceedsBudget(), "the paper's settings promise nothing");
    }

    @Test
    void thisMachinesSpeedIsThatOfAMachine() {
        double speed = MachineSpeed.measured();
        assertTrue(speed > 0.02 && speed < 50, "speed " + speed);
    }
}
