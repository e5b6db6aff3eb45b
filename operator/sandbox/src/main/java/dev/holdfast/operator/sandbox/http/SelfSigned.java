package dev.holdfast.operator.sandbox.http;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Makes an X.509 version 3 certificate for {@code localhost} and 127.0.0.1 that signs itself (RFC
 * 5280, DER by hand: the JDK offers no public way to make one).
 */
final class SelfSigned {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OID = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final byte[] ECDSA_WITH_SHA256 = {
    0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};
  private static final byte[] SUBJECT_ALT_NAME = {0x55, 0x1d, 0x11};
  private static final byte[] BASIC_CONSTRAINTS = {0x55, 0x1d, 0x13};

  private SelfSigned() {}

  static byte[] certificate(KeyPair pair, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    byte[] algorithm = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
    byte[] commonName = der(UTF8_STRING, "holdfast-sandbox".getBytes(StandardCharsets.US_ASCII));
    byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), commonName)));
    byte[] validity =
        der(SEQUENCE, time(now.minus(Duration.ofDays(1))), time(now.plus(Duration.ofDays(3650))));
    byte[] version = der(0xa0, der(INTEGER, new byte[] {2}));
    byte[] serial = der(INTEGER, new BigInteger(120, random).toByteArray());
    byte[] body =
        der(
            SEQUENCE,
            version,
            serial,
            algorithm,
            name,
            validity,
            name,
            pair.getPublic().getEncoded(),
            der(0xa3, der(SEQUENCE, basicConstraints(), alternativeNames())));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate(), random);
    signature.update(body);
    return der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[] {0}, signature.sign()));
  }

  private static byte[] basicConstraints() {
    byte[] authority = der(SEQUENCE, der(0x01, new byte[] {(byte) 0xff}));
    return der(SEQUENCE, der(OID, BASIC_CONSTRAINTS), der(OCTET_STRING, authority));
  }

  private static byte[] alternativeNames() {
    byte[] dns = der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII));
    byte[] address = der(0x87, new byte[] {127, 0, 0, 1});
    return der(
        SEQUENCE, der(OID, SUBJECT_ALT_NAME), der(OCTET_STRING, der(SEQUENCE, dns, address)));
  }

  private static byte[] time(Instant instant) {
    String text =
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").format(instant.atOffset(ZoneOffset.UTC));
    return der(UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
