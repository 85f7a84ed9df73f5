package worldmodels.study.planet;

import worldmodels.planet.LearningLog;
import worldmodels.planet.PlanetModel;
import worldmodels.run.Stage;

/**
 * A PlaNet that has learned.
 *
 * @param model lives as long as the experiment
 */
public record LearnedPlanet(PlanetRow row, PlanetModel model, LearningLog log, Stage stage) {}
