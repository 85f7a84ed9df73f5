package worldmodels.study.thesis;

import java.util.List;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.vision.VisionKind;

/**
 * What is compared.
 *
 * @param visions kinds of V
 * @param latents sizes of z
 */
@Section("thesis")
public record ThesisSettings(List<VisionKind> visions, @Least(1) List<Integer> latents) {}
