package worldmodels.study.carracing;

import worldmodels.controller.HiddenLayerController;
import worldmodels.random.Pcg64;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Section;

/** What the search for a C with a hidden layer begins with. */
enum FirstLayer {

    /** All zeros, as the authors: a saddle. With W2 = 0 no weight of the first layer acts, with W1 = b1 = 0 none of W2. */
    ZEROS,

    /** W1 from N(0, 1 / inputs), the rest 0: it acts as one of zeros does, but every weight of W2 has an effect. */
    RANDOM;

    @Section("evolution")
    record Chosen(@Before("ZEROS") FirstLayer firstLayer) {}

    double[] parameters(HiddenLayerController controller, long seed) {
        double[] parameters = new double[controller.parameterCount()];
        if (this == RANDOM) {
            Pcg64 random = Pcg64.stream(seed, "first layer of C");
            for (int i = controller.units(); i < (controller.featureSize() + 1) * controller.units(); i++) {
                parameters[i] = random.standardNormal() / Math.sqrt(controller.featureSize());
            }
        }
        return parameters;
    }
}
