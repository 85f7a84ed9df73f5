package worldmodels.study.carracing;

/** What a later round of iterative training does with what the round before has learned, {@code rounds.training}. */
public enum RoundTraining {

    /** V, M and C are trained anew on all episodes so far; Ha and Schmidhuber (2018, section 5) can be read so. It costs as much as all rounds before. */
    ANEW,

    /**
     * V stays; M goes on for {@code rounds.memoryEpochs} on all episodes so far, and C for {@code rounds.generations} in its dream, each from where
     * it was. A round takes minutes, so there can be many, and many are needed: each shows M what the last dream got wrong.
     */
    CONTINUED
}
