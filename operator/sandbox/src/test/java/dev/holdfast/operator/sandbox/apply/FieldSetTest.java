package dev.holdfast.operator.sandbox.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.sandbox.json.Json;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FieldSetTest {
  @Property
  void whatIsWrittenReadsTheSame(@ForAll("sets") FieldSet set) {
    assertThat(FieldSet.read(set.write())).isEqualTo(set);
  }

  @Property
  void theOperationsAreThoseOfSets(@ForAll("sets") FieldSet a, @ForAll("sets") FieldSet b) {
    assertThat(a.union(b)).isEqualTo(b.union(a));
    assertThat(a.minus(b).intersect(b).isEmpty()).isTrue();
    assertThat(a.minus(b).union(a.intersect(b))).isEqualTo(a);
    assertThat(a.minus(a).isEmpty()).isTrue();
    assertThat(a.union(b).paths()).containsAll(a.paths()).containsAll(b.paths());
  }

  @Property
  void pathsReadAsPeopleWriteThem() {
    FieldSet set =
        FieldSet.read(
            Json.read(
                """
                {"f:spec": {"k:{\\"name\\":\\"c\\"}": {".": {}, "f:image": {}}, "v:\\"x\\"": {}}}"""));
    assertThat(set.paths())
        .containsExactly(".spec[name=\"c\"]", ".spec[name=\"c\"].image", ".spec[=\"x\"]");
  }

  @Provide
  Arbitrary<FieldSet> sets() {
    Arbitrary<List<String>> path =
        Arbitraries.of("f:a", "f:b", "v:1").list().ofMinSize(1).ofMaxSize(3);
    return path.list()
        .ofMaxSize(6)
        .map(
            paths -> {
              var set = new FieldSet();
              for (List<String> elements : paths) {
                FieldSet here = set;
                for (String element : elements) {
                  here = here.child(element);
                }
                here.add();
              }
              return set;
            });
  }
}
