package dev.holdfast.operator.sandbox.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/** The quantity functions that Kubernetes adds to CEL. */
final class CelQuantity {
  private static final CelType QUANTITY = SimpleType.DYN;

  private CelQuantity() {}

  static List<CelFunctionDecl> declarations() {
    return List.of(
        function("quantity", "string_to_quantity", QUANTITY, SimpleType.STRING),
        function("isQuantity", "is_quantity_string", SimpleType.BOOL, SimpleType.STRING),
        member("compareTo", "quantity_compare_to", SimpleType.INT, QUANTITY),
        member("isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, QUANTITY),
        member("isLessThan", "quantity_is_less_than", SimpleType.BOOL, QUANTITY),
        member("add", "quantity_add", QUANTITY, QUANTITY),
        member("sub", "quantity_sub", QUANTITY, QUANTITY),
        member("sign", "quantity_sign", SimpleType.INT),
        member("isInteger", "quantity_is_integer", SimpleType.BOOL),
        member("asInteger", "quantity_as_integer", SimpleType.INT),
        member("asApproximateFloat", "quantity_as_float", SimpleType.DOUBLE));
  }

  static List<CelFunctionBinding> bindings() {
    return List.of(
        CelFunctionBinding.from("string_to_quantity", String.class, Quantity::parse),
        CelFunctionBinding.from("is_quantity_string", String.class, Quantity::isQuantity),
        CelFunctionBinding.from(
            "quantity_compare_to", Quantity.class, Quantity.class, (a, b) -> (long) a.compareTo(b)),
        CelFunctionBinding.from(
            "quantity_is_greater_than",
            Quantity.class,
            Quantity.class,
            (a, b) -> a.compareTo(b) > 0),
        CelFunctionBinding.from(
            "quantity_is_less_than", Quantity.class, Quantity.class, (a, b) -> a.compareTo(b) < 0),
        CelFunctionBinding.from(
            "quantity_add",
            Quantity.class,
            Quantity.class,
            (a, b) -> new Quantity(a.value().add(b.value()))),
        CelFunctionBinding.from(
            "quantity_sub",
            Quantity.class,
            Quantity.class,
            (a, b) -> new Quantity(a.value().subtract(b.value()))),
        CelFunctionBinding.from("quantity_sign", Quantity.class, a -> (long) a.value().signum()),
        CelFunctionBinding.from(
            "quantity_is_integer",
            Quantity.class,
            a -> a.value().stripTrailingZeros().scale() <= 0),
        CelFunctionBinding.from(
            "quantity_as_integer", Quantity.class, a -> a.value().longValueExact()),
        CelFunctionBinding.from("quantity_as_float", Quantity.class, a -> a.value().doubleValue()));
  }

  private static CelFunctionDecl function(
      String name, String overload, CelType result, CelType argument) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newGlobalOverload(overload, result, argument));
  }

  private static CelFunctionDecl member(
      String name, String overload, CelType result, CelType... arguments) {
    CelType[] all = new CelType[arguments.length + 1];
    all[0] = QUANTITY;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload(overload, result, all));
  }
}
