package worldmodels.data;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Space;

/** Records each episode of a run as it is played: obs[t] is what was seen before action[t], reward[t] and done[t] are what followed. */
final class EpisodeRecorder implements StepListener, AutoCloseable {

    private final EpisodeWriter writer;
    private final IntFunction<String> fileOfJob;
    private final Space observation;
    private final int actionSize;
    private final Recording[] recordings;

    /** @param fileOfJob the file of the job with a number */
    EpisodeRecorder(BatchedEnvironment environments, EpisodeWriter writer, IntFunction<String> fileOfJob) {
        this.writer = writer;
        this.fileOfJob = fileOfJob;
        this.observation = environments.observationSpace();
        this.actionSize = environments.actionSpace().size();
        this.recordings = new Recording[environments.lanes()];
    }

    @Override
    public boolean looks() {
        return true;
    }

    @Override
    public void onStep(Step step) {
        int lane = step.lane();
        if (step.time() == 0) {
            recordings[lane] = new Recording();
        }
        recordings[lane].add(step);
        if (step.ended()) {
            recordings[lane].finish(step);
            recordings[lane] = null;
        }
    }

    /** Gives up the episodes that are not finished. */
    @Override
    public void close() {
        for (Recording recording : recordings) {
            if (recording != null) {
                recording.close();
            }
        }
    }

    private final class Recording implements AutoCloseable {
        private final GrowingArray observations = new GrowingArray(Npy.Type.UINT8, observation.shape());
        private final GrowingArray actions = new GrowingArray(Npy.Type.FLOAT32, actionSize);
        private final GrowingArray rewards = new GrowingArray(Npy.Type.FLOAT32);
        private final GrowingArray done = new GrowingArray(Npy.Type.BOOL);
        private double sum;

        void add(Step step) {
            observations.append(step.observation());
            actions.append(step.action());
            rewards.append(step.reward());
            done.append(step.ended());
            sum += step.reward();
        }

        void finish(Step step) {
            SequencedMap<String, GrowingArray.Compressed> arrays = new LinkedHashMap<>();
            arrays.put("obs", observations.finish());
            arrays.put("action", actions.finish());
            arrays.put("reward", rewards.finish());
            arrays.put("done", done.finish());
            writer.write(fileOfJob.apply(step.jobNumber()),
                    new EpisodeResult(step.job(), sum, step.time() + 1, step.terminated(), step.truncated()), arrays);
        }

        @Override
        public void close() {
            observations.close();
            actions.close();
            rewards.close();
            done.close();
        }
    }
}
