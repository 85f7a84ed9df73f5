package worldmodels.study.panda;

import java.util.List;
import worldmodels.report.RgbFrame;

/**
 * One episode of a world model's agent.
 *
 * @param frames    what V saw
 * @param decoded   what it kept of them
 * @param distances from tool to goal, metres
 */
public record ReachFilm(List<RgbFrame> frames, List<RgbFrame> decoded, List<Double> distances) {}
