package dev.holdfast.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.World;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs the health script as Argo CD does: with the resource in {@code obj}. */
class ArgoCdHealthTest {

  private static String health(World world) throws IOException {
    var store = world.store;
    world.status.ifPresent(store::setStatus);
    var globals = JsePlatform.standardGlobals();
    globals.set("obj", lua(Serialization.jsonMapper().convertValue(store, Map.class)));
    return globals
        .load(Files.readString(Path.of("../../config/argocd/health.lua")))
        .call()
        .get("status")
        .tojstring();
  }

  private static LuaValue lua(Object value) {
    return switch (value) {
      case null -> LuaValue.NIL;
      case Map<?, ?> map -> {
        var table = new LuaTable();
        map.forEach((key, child) -> table.set(key.toString(), lua(child)));
        yield table;
      }
      case List<?> list -> {
        var table = new LuaTable();
        list.forEach(child -> table.set(table.length() + 1, lua(child)));
        yield table;
      }
      case Boolean flag -> LuaValue.valueOf(flag);
      case Number number -> LuaValue.valueOf(number.doubleValue());
      default -> LuaValue.valueOf(value.toString());
    };
  }

  @Test
  void aStoreThatNobodyHasLookedAtIsProgressing() throws IOException {
    assertThat(health(World.with("storage: {size: 1Gi}"))).isEqualTo("Progressing");
  }

  @Test
  void aStoreThatServesAsAskedIsHealthy() throws IOException {
    assertThat(health(World.with("storage: {size: 1Gi}").settle())).isEqualTo("Healthy");
  }

  @Test
  void aChangeThatTheOperatorHasNotSeenIsProgressing() throws IOException {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.spec("storage: {size: 2Gi}");

    assertThat(health(world)).isEqualTo("Progressing");
  }

  @Test
  void aStoreThatNeedsADecisionIsDegraded() throws IOException {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.check = World.parked("9f2c61d07b3a4e55", "CorruptMiddle", "BudgetExceeded");

    assertThat(health(world.settle())).isEqualTo("Degraded");
  }

  @Test
  void aStoppedStoreIsSuspended() throws IOException {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.annotate(StoreAnnotations.STOP, "true");

    assertThat(health(world.settle())).isEqualTo("Suspended");
  }
}
