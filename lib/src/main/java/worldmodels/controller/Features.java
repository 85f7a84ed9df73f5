package worldmodels.controller;

/** What the controller sees and how: the three rows of Ha and Schmidhuber's CarRacing table. */
public enum Features {

    /** "V model only": linear on z; 99 parameters at z = 32. */
    Z("z"),

    /** "V model only with a hidden layer": 40 tanh units on z; 1,443 parameters at z = 32. */
    Z_HIDDEN("z + hidden layer"),

    /** "Full world model": linear on [z h]; 867 parameters at z = 32, h = 256. */
    Z_H("z and h");

    /** The authors' hidden layer. */
    public static final int HIDDEN_UNITS = 40;

    private final String label;

    Features(String label) {
        this.label = label;
    }

    /** The row's name in tables. */
    public String label() {
        return label;
    }

    /** @return whether the features hold the memory's state, so that acting needs M */
    public boolean usesHidden() {
        return this == Z_H;
    }

    /**
     * The controller of the authors' car over these features.
     *
     * @param latent length of z
     * @param memory length of h; not used where the features leave it out
     */
    public Controller controller(int latent, int memory) {
        Squash squash = Squash.ofCar();
        return switch (this) {
            case Z -> new LinearController(latent, false, squash);
            case Z_HIDDEN -> new HiddenLayerController(latent, HIDDEN_UNITS, squash);
            case Z_H -> new LinearController(latent + memory, true, squash);
        };
    }
}
