package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import worldmodels.evaluation.Summary;
import worldmodels.run.KitException;

class ComparisonTableTest {

    private static final PublishedNumbers PAPERS = PublishedNumbers.of("world-models");

    private static final ResultTable TABLE = new ComparisonTable("World models & CarRacing")
            .with("z_only", new Summary(601.25, 553.125, 648.5, 240, 650, 640.5, 100, 1), PAPERS.number("z"), "smoke, CarRacing-v2, 3f2a")
            .with("z, h | untrained", new Summary(-12.5, -13, -12, 3.25, -12, -12.25, 8, 2), "smoke, CarRacing-v2, 77b0")
            .with(PAPERS.number("zh-1024"))
            .table();

    @Test
    void peopleReadOursThePublishedAndTheDifference() {
        assertEquals("""
                **World models & CarRacing**

                | row | ours | SD | median | IQM | n | k | published | difference | run |
                | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | :--- |
                | z_only | 601.3 [553.1, 648.5] | 240 | 650 | 640.5 | 100 | 1 | 632 ± 251 | -30.8 | smoke, CarRacing-v2, 3f2a |
                | z, h \\| untrained | -12.5 [-13, -12] | 3.25 | -12 | -12.3 | 8 | 2 | – | – | smoke, CarRacing-v2, 77b0 |
                | Full world model, z and h (authors' log) | – | – | – | – | – | – | 900.46 | – | – |
                """, TABLE.markdown());
    }

    @Test
    void aTableReadBackIsTheTableThatWasWritten() {
        ResultTable read = ResultTable.read(TABLE.markdown(), TABLE.csv());
        assertEquals(TABLE.markdown(), read.markdown());
        assertEquals(TABLE.html(), read.html());
        assertEquals(-12.5, read.data().numberColumn("mean").getDouble(1));
        KitException e = assertThrows(KitException.class, () -> ResultTable.read("# A page\n", "a,b\n"));
        assertTrue(e.getMessage().contains("'# A page'"), e.getMessage());
    }

    @Test
    void courseReportsGetBooktabs() {
        assertEquals("""
                \\begin{table}
                \\centering
                \\caption{World models \\& CarRacing}
                \\begin{tabular}{lrrrrrrrrl}
                \\toprule
                row & ours & SD & median & IQM & n & k & published & difference & run \\\\
                \\midrule
                z\\_only & 601.3 [553.1, 648.5] & 240 & 650 & 640.5 & 100 & 1 & 632 $\\pm$ 251 & -30.8 & smoke, CarRacing-v2, 3f2a \\\\
                z, h | untrained & -12.5 [-13, -12] & 3.25 & -12 & -12.3 & 8 & 2 & -- & -- & smoke, CarRacing-v2, 77b0 \\\\
                Full world model, z and h (authors' log) & -- & -- & -- & -- & -- & -- & 900.46 & -- & -- \\\\
                \\bottomrule
                \\end{tabular}
                \\end{table}
                """, TABLE.latex());
    }

    @Test
    void programsReadEveryNumberInFull() {
        List<String> lines = TABLE.csv().lines().toList();
        assertEquals("row,mean,low,high,sd,median,iqm,n,k,published,published_plus_minus,difference,run,source", lines.get(0));
        assertEquals("z_only,601.25,553.125,648.5,240.0,650.0,640.5,100,1,632,251,-30.75,\"smoke, CarRacing-v2, 3f2a\","
                + "\"Ha & Schmidhuber 2018, CarRacing table\"", lines.get(1));
        assertEquals("\"z, h | untrained\",-12.5,-13.0,-12.0,3.25,-12.0,-12.25,8,2,,,,\"smoke, CarRacing-v2, 77b0\",", lines.get(2));
        assertEquals(4, lines.size());
    }

    @Test
    void aMeasureIsOneMoreColumnForTheRowsThatHaveIt() {
        ComparisonTable laps = new ComparisonTable("t").with("ours", new Summary(1, 1, 1, 1, 1, 1, 100, 1), "smoke, 3f2a").with(PAPERS.number("z"))
                .with(new ComparisonTable.Measure("laps", Map.of("ours", 42.0)));
        List<String> lines = laps.table().markdown().lines().toList();
        assertEquals("| row | ours | SD | median | IQM | laps | n | k | published | difference | run |", lines.get(2));
        assertTrue(lines.get(4).startsWith("| ours | 1 [1, 1] | 1 | 1 | 1 | 42 | 100 | 1 |"), lines.get(4));
        assertTrue(lines.get(5).startsWith("| V only, z | – | – | – | – | – | – | – | 632"), lines.get(5));
        assertTrue(laps.table().csv().startsWith("row,mean,low,high,sd,median,iqm,laps,n,k,"), laps.table().csv());
    }

    @Test
    void notebooksGetEscapedHtml() {
        assertTrue(TABLE.html().contains("World models &amp; CarRacing"));
        assertTrue(TABLE.html().contains("<td style=\"text-align:right;white-space:nowrap\">632 ± 251</td>"));
    }

    @Test
    void aRowOfOursMustNameItsRun() {
        Summary ours = new Summary(1, 1, 1, 1, 1, 1, 1, 1);
        assertThrows(KitException.class, () -> new ComparisonTable("t").with("z", ours, PAPERS.number("z"), " "));
    }

    @Test
    void anyTablesawTableCanBeShown() {
        Table table = Table.create("t", StringColumn.create("unit", "a", "bb"), DoubleColumn.create("kl", 0.012345, Double.NaN));
        assertEquals("""
                Active units
                unit      kl
                a     0.0123
                bb         –
                """, new ResultTable("Active units", table).text());
    }

    @Test
    void publishedNumbersStayAsGiven() {
        assertEquals("906 ± 21", PAPERS.number("zh").text());
        assertEquals("100", PAPERS.number("zh").episodes());
        assertEquals("900.46", PAPERS.number("zh-1024").text());
        assertEquals("720 ± 13", PAPERS.number("thesis-wm").text());
        assertEquals("", PAPERS.number("thesis-wm").episodes());
        assertTrue(PAPERS.all().stream().noneMatch(number -> number.source().isBlank() || number.environment().isBlank()));
    }

    @Test
    void anUnknownPublishedNumberIsRefusedByNamingThoseThereAre() {
        KitException e = assertThrows(KitException.class, () -> PAPERS.number("zz"));
        assertTrue(e.getMessage().startsWith("There is no published number 'zz' in results/published/world-models.csv; it has dqn, "));
        assertThrows(KitException.class, () -> PublishedNumbers.of("no-such-paper"));
    }
}
