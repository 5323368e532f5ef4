import { explainUntrusted } from "../../../provider/clients/http/tls";
import { settingsOf } from "../../support/with-simulator";

const settings = settingsOf({ url: "https://vc.example.com", username: "u", password: "p" }, "vcenter");

test.each([
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
])("a certificate that Node refuses by %s is explained, with the ways to trust it", (code) => {
  const error = explainUntrusted(settings, code);
  expect(error?.fault).toEqual({ faultClass: "tls", sent: "no" });
  expect(error?.message).toContain(`is not trusted (${code})`);
});

test.each(["EPROTO", "ECONNRESET", "ERR_SSL_WRONG_VERSION_NUMBER"])("%s says nothing of trust", (code) => {
  expect(explainUntrusted(settings, code)).toBeUndefined();
});
