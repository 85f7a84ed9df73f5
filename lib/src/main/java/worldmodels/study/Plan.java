package worldmodels.study;

import worldmodels.run.KitException;
import worldmodels.run.Preset;

/** Prints what the chosen preset changes against the sources and what it is predicted to cost; run.sh calls it before it starts. */
public final class Plan {

    private Plan() {}

    public static void main(String[] arguments) {
        try {
            Preset preset = Preset.chosen();
            if (!preset.differences().isEmpty()) {
                System.out.println(ExperimentTables.differences(preset).text());
            }
            System.out.println(ExperimentTables.cost(preset, MachineSpeed.measured()).text());
        } catch (KitException e) {
            System.err.println(e.getMessage());
            throw e;
        }
    }
}
