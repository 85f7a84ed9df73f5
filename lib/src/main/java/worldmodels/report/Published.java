package worldmodels.report;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * One number of a paper, kept digit for digit as its source gives it.
 *
 * @param id          how the kit calls it, e.g. {@code zh}
 * @param row         what its source calls the row
 * @param mean        as given
 * @param plusMinus   the ± as given, where there is one
 * @param meaning     what the source says that ± is
 * @param episodes    how many episodes, empty if not stated
 * @param environment e.g. {@code CarRacing-v0}
 * @param source      document and place
 */
public record Published(String id, String row, BigDecimal mean, Optional<BigDecimal> plusMinus, String meaning, String episodes,
                        String environment, String source) {

    /** As printed, e.g. {@code 906 ± 21}. */
    public String text() {
        return mean.toPlainString() + plusMinus.map(spread -> " ± " + spread.toPlainString()).orElse("");
    }
}
