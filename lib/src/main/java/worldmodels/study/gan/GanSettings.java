package worldmodels.study.gan;

import java.util.List;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.MayBeEmpty;
import worldmodels.run.Settings.Section;
import worldmodels.vision.VisionKind;

/**
 * Which V's are compared with the VAE-GAN.
 *
 * @param visions  at each of the sizes
 * @param latents  sizes of z
 * @param controls at the preset's own size, or at the one that they have
 */
@Section("gan")
public record GanSettings(List<VisionKind> visions, @Least(1) List<Integer> latents, @MayBeEmpty List<VisionKind> controls) {}
