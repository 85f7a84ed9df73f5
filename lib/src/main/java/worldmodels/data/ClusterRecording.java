package worldmodels.data;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import worldmodels.env.BatchedEnvironment;
import worldmodels.nn.Compute;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.WholeFile;
import worldmodels.run.WorkFolder;

/**
 * Recording on a cluster: a worker plays some episodes at a time, and their files are sent back, or lie in the folder already where all machines see it. The
 * driver writes the manifest in either case.
 *
 * @param shared the folder that all machines see; null where files are sent back
 */
record ClusterRecording(Crew crew, String shared) implements Cluster.Work<ClusterRecording.Take, ClusterRecording.Taken> {

    /** Episodes of a piece: side by side they share what a policy's networks cost, and few are lost with a machine. */
    static final int TOGETHER = 8;

    /** Episodes to play, and the files that they become. */
    record Take(ArrayList<EpisodeJob> jobs, ArrayList<String> files) implements Serializable {}

    /** As the manifest lists them, and their files' bytes; none where the folder is shared. */
    record Taken(ArrayList<StoredEpisode> episodes, ArrayList<byte[]> files) implements Serializable {}

    @Override
    public Cluster.Worker<Take, Taken> open() {
        Compute.useThreads(1);
        NDManager manager = Compute.newManager();
        BatchedEnvironment environments = crew.environments(TOGETHER, 1);
        return new Player(new RolloutEngine(environments), crew.driver().policy(environments, manager), manager, shared);
    }

    private record Player(RolloutEngine engine, Policy policy, NDManager manager, String shared) implements Cluster.Worker<Take, Taken> {

        @Override
        public Taken apply(Take take) {
            Taken taken = new Taken(new ArrayList<>(), new ArrayList<>());
            try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
                List<StoredEpisode> here = new EpisodeStore(scratch.path()).record(engine, policy, take.jobs, false, Progress.NONE);
                for (int i = 0; i < here.size(); i++) {
                    byte[] bytes = Files.readAllBytes(scratch.path().resolve(here.get(i).file()));
                    taken.episodes.add(here.get(i).as(take.files.get(i)));
                    if (shared == null) {
                        taken.files.add(bytes);
                    } else {
                        WholeFile.write(Path.of(shared, take.files.get(i)), out -> out.write(bytes));
                    }
                }
            } catch (IOException e) {
                throw new KitException("A worker cannot record (" + e.getMessage() + "); make room in its folder for temporary files.", e);
            }
            return taken;
        }

        @Override
        public void close() {
            policy.close();
            engine.environments().close();
            manager.close();
        }
    }

    /** Plays these jobs and puts them into the manifest as they come. */
    void record(Cluster cluster, List<EpisodeJob> jobs, List<String> files, Manifest manifest, Progress progress) {
        List<Take> takes = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += TOGETHER) {
            int to = Math.min(jobs.size(), from + TOGETHER);
            takes.add(new Take(new ArrayList<>(jobs.subList(from, to)), new ArrayList<>(files.subList(from, to))));
        }
        progress.start("Episodes", jobs.size(), "episodes");
        int[] done = {0};
        try (Cluster.Workers<Take, Taken> workers = cluster.workers(this)) {
            workers.each(takes, (taken, number) -> {
                for (int i = 0; i < taken.episodes.size(); i++) {
                    if (shared == null) {
                        manifest.add(taken.episodes.get(i), taken.files.get(i));
                    } else {
                        manifest.add(taken.episodes.get(i));
                    }
                }
                done[0] += taken.episodes.size();
                progress.at(done[0], "");
            });
        }
        progress.done("");
    }
}
