package dev.holdfast.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

/**
 * The columns of kubectl: three blanks between them, six characters at least, the last one as it
 * is.
 */
class KubectlTest {
  @Test
  void columnsAreAlignedAsKubectlDoesAndThoseForWideAreLeftOut() throws Exception {
    var table =
        new ObjectMapper()
            .readTree(
                """
                {"columnDefinitions": [{"name": "Name", "priority": 0}, {"name": "Up", "priority": 0},
                  {"name": "Node", "priority": 1}, {"name": "Age", "priority": 0}],
                 "rows": [{"cells": ["sessions", 1, "sandbox", "5s"]}, {"cells": ["a", null, "sandbox", "10m"]}]}
                """);
    assertThat(Kubectl.table(table))
        .isEqualTo(
            """
            NAME       UP    AGE
            sessions   1     5s
            a                10m""");
  }

  @Test
  void aValueThatIsNotThereIsSaidToBeNone() {
    var columns = new LinkedHashMap<String, Object>();
    columns.put("FOUND", "CorruptTail");
    columns.put("KEPT", null);
    assertThat(Kubectl.columns(columns))
        .isEqualTo(
            """
            FOUND         KEPT
            CorruptTail   <none>""");
  }
}
