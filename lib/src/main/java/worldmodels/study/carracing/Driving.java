package worldmodels.study.carracing;

import worldmodels.agent.LatentChoice;
import worldmodels.run.Settings.Section;

/**
 * How an agent acts with the weights that it has; it may be evaluated in another way than it was trained.
 *
 * @param latent what C sees of V
 */
@Section("agent")
public record Driving(LatentChoice latent) {}
