package worldmodels.study.carracing;

import java.util.ArrayList;
import java.util.List;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Split;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/** The recorded episodes that V and M learn from: those of the rounds before, then this round's own. */
public final class Rollouts {

    private final List<Recording> recordings;

    public Rollouts(Recording first) {
        this(List.of(first));
    }

    private Rollouts(List<Recording> recordings) {
        this.recordings = recordings;
    }

    /** These and one round more. */
    Rollouts and(Recording next) {
        List<Recording> more = new ArrayList<>(recordings);
        more.add(next);
        return new Rollouts(List.copyOf(more));
    }

    /** The stage of this round's own episodes; those before are its inputs. */
    public Stage stage() {
        return recordings.getLast().stage();
    }

    /** Frames, actions, rewards; recorded where they are missing. */
    public EpisodeStore episodes(Progress progress) {
        EpisodeStore all = null;
        for (Recording recording : recordings) {
            all = store(recording, all);
            recording.complete(all, progress);
        }
        return all;
    }

    /** Plays the damaged or missing episodes of this round again, and only them. */
    EpisodeStore repaired(Progress progress) {
        EpisodeStore all = null;
        for (Recording recording : recordings) {
            all = store(recording, all);
            if (recording == recordings.getLast()) {
                recording.record(all, true, progress);
            } else {
                recording.complete(all, progress);
            }
        }
        return all;
    }

    private static EpisodeStore store(Recording recording, EpisodeStore before) {
        return before == null ? new EpisodeStore(recording.stage().folder()) : new EpisodeStore(recording.stage().folder(), before);
    }

    /** How many of the episodes that V and M learn from are of the rounds before. */
    int trainedBefore() {
        return recordings.subList(0, recordings.size() - 1).stream().mapToInt(recording -> recording.tracks().length - recording.validation()).sum();
    }

    /**
     * Episodes, recorded or encoded and in the store's order, as those that V and M learn from and those they never see; each round's are split by
     * themselves, so that nothing is kept from one round and learned from in another.
     */
    public <T> Split<T> split(List<T> episodes) {
        Split<T> all = new Split<>(List.of(), List.of());
        int from = 0;
        for (Recording recording : recordings) {
            int to = from + recording.tracks().length;
            all = all.and(Split.of(episodes.subList(from, to), recording.validation(), recording.splitSeed()));
            from = to;
        }
        return all;
    }
}
