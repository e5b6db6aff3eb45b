package dev.holdfast.operator.sandbox.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Who the server is and who may talk to it: a self-signed certificate and one bearer token, made at
 * the first start and kept in a folder that only its owner can read.
 *
 * @param certificate in PEM, to be trusted by clients
 * @param token what clients present
 */
public record Identity(String certificate, String token, SSLContext tls) {

  /** Reads the identity from a folder, or makes one there. */
  public static Identity in(Path folder, SecureRandom random, Instant now) throws IOException {
    try {
      Path keyFile = folder.resolve("server.key");
      Path certificateFile = folder.resolve("server.crt");
      Path tokenFile = folder.resolve("token");
      if (!Files.exists(tokenFile)) {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair pair = generator.generateKeyPair();
        byte[] der = SelfSigned.certificate(pair, now, random);
        createPrivately(folder);
        Files.write(keyFile, pair.getPrivate().getEncoded());
        Files.writeString(certificateFile, pem(der));
        byte[] secret = new byte[24];
        random.nextBytes(secret);
        Files.writeString(tokenFile, HexFormat.of().formatHex(secret));
      }
      String certificate = Files.readString(certificateFile);
      var key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(keyFile)));
      var x509 =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, new char[0], new X509Certificate[] {x509});
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, random);
      return new Identity(certificate, Files.readString(tokenFile), context);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the certificate in " + folder + " cannot be used; remove the folder to make another", e);
    }
  }

  private static void createPrivately(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static String pem(byte[] der) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE-----\n";
  }
}
