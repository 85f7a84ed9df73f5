package worldmodels.study.thesis;

import java.util.List;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.vision.Objective;
import worldmodels.vision.VisionKind;

/**
 * What is compared.
 *
 * @param visions    kinds of V
 * @param latents    sizes of z
 * @param likelihood by which all of them are trained; {@code AUTHORS} leaves each its own loss
 * @param rates      nats that z is held at, one after the other, to see what each V makes of as many
 */
@Section("thesis")
public record ThesisSettings(List<VisionKind> visions, @Least(1) List<Integer> latents, Objective.Likelihood likelihood,
        @Above(0) List<Double> rates) {}
